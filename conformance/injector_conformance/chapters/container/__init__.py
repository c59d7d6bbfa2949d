"""CTR: the golden payload in real containers, the hand-over to what it held, and its pulls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from injector_conformance.cases.case import Case, Completes, Conditions, Control, Fails
from injector_conformance.chapters.container import clients
from injector_fixtures import golden
from injector_fixtures.layout import InitDirectory, chunked, cut, subpath, volume

_TREE: Final = golden.tree()
_CHUNK: Final = 64 * 1024
_POD: Final[Mapping[str, Any]] = {"user": "pod", "root": "read-only"}
_TARGET: Final = "127.0.0.1:31999/library/seed:1.0.0"
_ENVIRONMENT: Final = dict(golden.environment())
_HAND_OVER: Final[Mapping[str, Any]] = {
    "then": (
        "/zarf-stage2/zarf-registry",
        "/zarf-stage2/seed-image.tar",
        _ENVIRONMENT["SEED_IMAGE"],
        _TARGET,
    ),
    "then_environment": _ENVIRONMENT,
}


def _files() -> InitDirectory:
    return chunked(golden.payload(), _CHUNK)


def _links() -> InitDirectory:
    return volume(cut(golden.payload(), _CHUNK))


def _damaged() -> InitDirectory:
    chunks = cut(golden.payload(), _CHUNK)
    return subpath([chunks[0], chunks[1][:-1] + b"\0", *chunks[2:]])


def _case(identifier: str, title: str, requirement: str, **fields: Any) -> Case:
    why = "what works in a model of a container only does not bring a registry into a cluster"
    settings: dict[str, Any] = {
        "why": why,
        "init": _files,
        "expect": (Completes(_TREE),),
        **fields,
    }
    return Case(
        id=identifier,
        title=title,
        origin="the stage1 contract; the founding note",
        requirements=(requirement,),
        **settings,
    )


def _golden(machine: str, word: str, requirement: str) -> tuple[Case, ...]:
    alpine = Conditions(image="alpine")
    fields = {"machine": machine, "conditions": alpine}
    return (
        _case(
            f"ctr-alpine-{word}",
            f"the golden payload in Alpine on {word}, chunks as plain files",
            requirement,
            **fields,
        ),
        _case(
            f"ctr-alpine-{word}-volume",
            f"the golden payload in Alpine on {word}, chunks as links of a volume",
            requirement,
            init=_links,
            **fields,
        ),
        _case(
            f"ctr-alpine-{word}-process-1",
            f"the golden payload in Alpine on {word}, by the container's first process",
            requirement,
            machine=machine,
            conditions=Conditions(image="alpine", as_pid_1=True),
        ),
    )


CASES: Final[tuple[Case, ...]] = (
    *_golden("x86_64", "x86-64", "CTR-1"),
    *_golden("aarch64", "arm64", "CTR-2"),
    _case(
        "ctr-pod",
        "the golden payload under all of the pod's restrictions",
        "CTR-3",
        conditions=Conditions(image="alpine", **_POD),
    ),
    _case(
        "ctr-pod-process-1",
        "the golden payload under the pod's restrictions, by the first process",
        "CTR-3",
        conditions=Conditions(image="alpine", as_pid_1=True, **_POD),
    ),
    _case(
        "ctr-pod-volume",
        "the golden payload under the pod's restrictions, from a read-only volume of links",
        "CTR-3",
        init=_links,
        conditions=Conditions(image="alpine", init_read_only=True, **_POD),
    ),
    _case(
        "ctr-pod-damaged",
        "one byte of the second chunk is wrong, under the pod's restrictions",
        "CTR-3",
        why="a damaged image must not be served, least of all silently",
        init=_damaged,
        argument=_files().sha256,
        expect=(Fails(untouched=True),),
        control=Control(_files, _TREE),
        conditions=Conditions(image="alpine", **_POD),
    ),
    _case(
        "ctr-hand-over",
        "the extracted registry program runs next, and finds the seed image",
        "CTR-4",
        why="a program without its execute bit, or without its image, ends the installation",
        conditions=Conditions(image="alpine", **_HAND_OVER),
    ),
    _case(
        "ctr-hand-over-pod",
        "the same under the pod's restrictions",
        "CTR-4",
        why="a file that only its owner could execute would end the installation",
        conditions=Conditions(image="alpine", **_POD, **_HAND_OVER),
    ),
    _case(
        "ctr-empty",
        "the golden payload in an image that holds nothing",
        "CTR-5",
        conditions=Conditions(image="empty"),
    ),
    _case(
        "ctr-empty-pod",
        "the golden payload in an image that holds nothing, under the pod's restrictions",
        "CTR-5",
        conditions=Conditions(image="empty", **_POD),
    ),
    _case(
        "ctr-empty-process-1",
        "the golden payload in an image that holds nothing, by the first process",
        "CTR-5",
        conditions=Conditions(image="empty", as_pid_1=True),
    ),
    *clients.CASES,
)

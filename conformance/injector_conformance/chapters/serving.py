"""Short words for cases of a subject that serves: layouts, requests, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from injector_conformance.cases.case import Case, Completes, Control, Fails, Serves
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.expected import (
    ANY_VALUE,
    EMPTY,
    Answer,
    Closed,
    Expected,
    Field,
    body,
)
from injector_conformance.exchange.requests import Request, get, head
from injector_conformance.exchange.steps import Ask, Lives, Step
from injector_fixtures.layout import InitDirectory
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Blob, Image
from injector_fixtures.oci.layout import Layout

LayoutRecipe = Callable[[], Layout]

NAME: Final = "library/seed"
TAG: Final = "3.1.1"
SERVES: Final = (Serves(),)
SERVES_OR_FAILS: Final = (Serves(), Fails())

REFUSED: Final = Answer(range(400, 600))
NOTHING: Final = Answer(range(300, 600))
"""No 2xx: an error, or a way to somewhere else, as registries answer paths with dots in them."""

CLIENT_ERROR: Final = Answer(range(400, 500))
NOT_FOUND: Final = Answer((404,))
NOT_FOUND_OR_BAD: Final = Answer((400, 404))
OK: Final = Answer((200,))
CLOSED: Final = Closed()


@cache
def plain() -> Layout:
    """One small image, ``library/seed:3.1.1``."""
    return samples.plain()


@cache
def packed(recipe: LayoutRecipe) -> InitDirectory:
    """A layout's payload in chunks; made once, for many cases share it."""
    return recipe().init_directory()


def image(layout: Layout | None = None, name: str = f"{NAME}:{TAG}") -> Image:
    """An image of a layout."""
    return (layout or plain()).images[name]


def manifest_path(reference: str = TAG, name: str = NAME) -> str:
    """The target of a manifest."""
    return f"/v2/{name}/manifests/{reference}"


def blob_path(digest: str, name: str = NAME) -> str:
    """The target of a blob."""
    return f"/v2/{name}/blobs/{digest}"


def exactly(name: str, value: str, *, is_required: bool = True, requirement: str = "") -> Field:
    """A field with this value; ``requirement`` as in :class:`Field`."""
    return Field(name, re.escape(value), is_required, requirement)


def manifest(blob: Blob, *, media_type: str = "", is_head: bool = False) -> Answer:
    """The answer that has a manifest (HTTP-2, NAMES-5)."""
    return Answer(
        (200,),
        (
            Field("content-type", ANY_VALUE, requirement="HTTP-2"),
            exactly("content-type", media_type or blob.media_type, requirement="NAMES-5"),
            exactly("content-length", str(blob.size), requirement="HTTP-2"),
            exactly("docker-content-digest", blob.digest, requirement="HTTP-2"),
            Field("content-encoding", None),
        ),
        EMPTY if is_head else body(blob.data),
    )


def content(data: bytes, digest: str, *, is_head: bool = False) -> Answer:
    """The answer that has a blob (HTTP-3, NAMES-11)."""
    return Answer(
        (200,),
        (
            exactly("content-length", str(len(data)), is_required=False, requirement="HTTP-3"),
            exactly("docker-content-digest", digest, is_required=False, requirement="HTTP-3"),
            Field("content-encoding", None),
        ),
        EMPTY if is_head else body(data),
    )


def asks(request: Request, *expect: Expected, **more: Any) -> Ask:
    """A request and what may come back."""
    return Ask(request, expect, **more)


def alive() -> tuple[Step, ...]:
    """It is there, and answers somebody else."""
    closing = (b"Connection", b"close")
    return (asks(get("/v2/", closing), OK, connection="other"), Lives())


def pulls(layout: Layout, name: str) -> tuple[Step, ...]:
    """What a runtime asks to pull an image by tag: HEAD, manifest by digest, every blob."""
    path, _, tag = name.rpartition(":")
    one = layout.images[name]
    steps: list[Step] = [
        asks(head(manifest_path(tag, path)), manifest(one.manifest, is_head=True)),
        asks(get(manifest_path(tag, path)), manifest(one.manifest)),
        asks(get(manifest_path(one.digest, path)), manifest(one.manifest)),
    ]
    steps += [
        asks(get(blob_path(blob.digest, path)), content(blob.data, blob.digest))
        for blob in one.blobs
        if isinstance(blob, Blob)
    ]
    return tuple(steps)


def case(
    identifier: str,
    title: str,
    requirements: str | Sequence[str],
    why: str,
    origin: str,
    *steps: Step,
    layout: LayoutRecipe = plain,
    **more: Any,
) -> Case:
    """A case about what a subject answers once it serves ``layout``."""
    exchange = more.pop("exchange", None) or Exchange(steps)
    settings: dict[str, Any] = {
        "init": lambda: packed(layout),
        "expect": SERVES,
        "exchange": exchange,
        **more,
    }
    return Case(
        id=identifier,
        title=title,
        why=why,
        origin=origin,
        requirements=(requirements,) if isinstance(requirements, str) else tuple(requirements),
        **settings,
    )


def control() -> Control:
    """The plain layout, served, whatever else the subject writes."""
    return Control(
        lambda: packed(plain), plain().tree, requirements=("LIFE-2",), leaves_tree=False
    )


def completes() -> tuple[Completes]:
    """The plain layout's tree."""
    return (Completes(plain().tree),)

"""The init directory stays as it was, and may be read-only (PAY-8).

That it stays as it was is watched in every run of every case; these cases are about surroundings
in which an injector may be tempted to write there.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.payload.sample import (
    PAYLOAD,
    TREE,
    control_for,
    in_pieces,
)
from injector_conformance.chapters.recipes import Recipe, completes
from injector_fixtures.layout import cut, volume

_CHUNK: Final = 700


def _volume() -> Recipe:
    return lambda: volume(cut(PAYLOAD, _CHUNK))


def _case(identity: str, title: str, init: Recipe, why: str, conditions: Conditions) -> Case:
    return Case(
        id=f"pay-init-{identity}",
        title=title,
        why=why,
        origin="Kubernetes, ConfigMap volumes are read-only; a pod may be started again",
        requirements=("PAY-8",),
        init=init,
        expect=completes(TREE),
        control=control_for(conditions),
        conditions=conditions,
    )


CASES: Final = (
    _case(
        "read-only",
        "an init directory on a read-only file system",
        in_pieces(PAYLOAD, _CHUNK),
        "an injector that joins the chunks into a file beside them never works in a pod",
        Conditions(init_read_only=True),
    ),
    _case(
        "read-only-volume",
        "a read-only ConfigMap volume",
        _volume(),
        "an injector that joins the chunks into a file beside them never works in a pod",
        Conditions(init_read_only=True),
    ),
    _case(
        "read-only-as-pod-user",
        "a read-only ConfigMap volume for user 1000",
        _volume(),
        "neither the directory nor what is in it belongs to the pod's user",
        Conditions(init_read_only=True, user="pod"),
    ),
    _case(
        "read-only-with-read-only-root",
        "everything but the output directory read-only",
        in_pieces(PAYLOAD, _CHUNK),
        "there is no other place for intermediate files either",
        Conditions(init_read_only=True, root="read-only"),
    ),
    _case(
        "twice",
        "the same init directory injected twice",
        in_pieces(PAYLOAD, _CHUNK),
        "an injector that cleans up after itself leaves a restarted pod without its chunks",
        Conditions(runs=2),
    ),
)

"""What the cases about payloads that ask for too much share (BOX-8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case, Conditions, Expectation
from injector_conformance.chapters.confinement.attack import AFTER, DATA, ONLY_AFTER, file
from injector_conformance.chapters.recipes import control, made
from injector_fixtures import gzip, splice, tar

_LEVEL: Final = 6
_BLOCK: Final = 1000
_ORDINARY: Final = Conditions()
PREALLOCATES: Final = "whoever allocates what is announced runs out of memory"


def much(
    word: str,
    title: str,
    payload: Callable[[], bytes],
    *,
    why: str,
    origin: str,
    expect: tuple[Expectation, ...],
    conditions: Conditions = _ORDINARY,
    requirements: tuple[str, ...] = ("BOX-8",),
    others: str = "",
) -> Case:
    """A case whose payload is made when it runs; its control is an ordinary file ``f``."""
    return Case(
        id=f"box-much-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=requirements,
        init=made(payload),
        expect=expect,
        control=control({b"f": DATA, **ONLY_AFTER}, file(b"f"), AFTER),
        conditions=conditions,
        others=others,
    )


def packed(*members: bytes) -> bytes:
    """These members and an ordinary one, compressed: they repeat themselves a lot."""
    return gzip.tgz(*members, AFTER, level=_LEVEL)


def again(unit: bytes, times: int, *members: bytes, before: bytes = b"") -> bytes:
    """``unit`` so many times, these members and an ordinary one; never all of it in memory."""
    blocks, rest = divmod(times, _BLOCK)
    return splice.member(
        splice.Part(before),
        splice.Part(unit * _BLOCK, blocks),
        splice.Part(unit * rest + tar.archive(*members, AFTER)),
    )

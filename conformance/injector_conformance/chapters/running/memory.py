"""Large payloads in little memory (RUN-10, RUN-10a).

They are made when they run; what two cases use is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from injector_conformance.case import MEBIBYTE, Case, Completes, Control
from injector_conformance.chapters.recipes import tree
from injector_fixtures import seeded, splice, tar
from injector_fixtures.layout import InitDirectory, cut, subpath
from injector_fixtures.tree import Entry, Tree

_SIZE: Final = 64 * MEBIBYTE
_SMALL: Final = MEBIBYTE
_GROWTH: Final = 16 * MEBIBYTE
"""Buffers may differ by this much; a payload that is held does not fit in it."""

_NAME: Final = b"seed-image.tar"


class _Later(Mapping[bytes, Entry]):
    """A tree that is made when somebody looks at it: its contents have to be hashed."""

    def __init__(self, make: Callable[[], Tree]) -> None:
        self._make = cache(make)

    def __getitem__(self, name: bytes) -> Entry:
        return self._make()[name]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())


@cache
def _unit() -> bytes:
    return seeded.noise("memory", MEBIBYTE)


def _noise(size: int) -> bytes:
    """Content that no compressor shortens; what repeats is farther apart than DEFLATE can see."""
    return _unit() * (size // MEBIBYTE)


def _both(size: int) -> dict[bytes, bytes]:
    return {_NAME: _noise(size), b"zeros": bytes(size)}


def _member(name: bytes, unit: bytes, size: int, level: int) -> tuple[splice.Part, ...]:
    """A file that consists of units of a mebibyte."""
    return splice.Part(tar.header(name, size=size)), splice.Part(unit, size // MEBIBYTE, level)


def _stored(size: int, *more: splice.Part) -> InitDirectory:
    """A payload that takes as much room as its content, and what little more there is."""
    noise = _member(_NAME, _unit(), size, level=0)
    return subpath(cut(splice.member(*noise, *more, splice.Part(tar.END))))


@cache
def _large() -> InitDirectory:
    return _stored(_SIZE)


def _with_zeros() -> InitDirectory:
    return _stored(_SIZE, *_member(b"zeros", bytes(MEBIBYTE), _SIZE, level=9))


CASES: Final = (
    Case(
        id="run-memory-64-mebibytes",
        title="a payload of 64 MiB that does not compress, in one file",
        why="the pod is killed for its memory, with a payload that is not even large",
        origin="the stage1 contract (memory limit 256Mi)",
        requirements=("RUN-10",),
        init=_large,
        expect=(Completes(_Later(lambda: tree({_NAME: _noise(_SIZE)}))),),
    ),
    Case(
        id="run-memory-as-much-again",
        title="a payload of 64 MiB that holds 128 MiB, half of it zeros",
        why="payload and contents together, or twice, do not fit into the pod's memory",
        origin="the stage1 contract (memory limit 256Mi)",
        requirements=("RUN-10",),
        init=_with_zeros,
        expect=(Completes(_Later(lambda: tree(_both(_SIZE)))),),
    ),
    Case(
        id="run-memory-does-not-grow",
        title="a payload of 64 MiB takes as much memory as one of 1 MiB",
        why="the day will come when the payload is larger than the memory",
        origin="SPEC.md, Decisions, Memory",
        requirements=("RUN-10a",),
        init=_large,
        expect=(Completes(_Later(lambda: tree({_NAME: _noise(_SIZE)})), memory_growth=_GROWTH),),
        control=Control(lambda: _stored(_SMALL), _Later(lambda: tree({_NAME: _noise(_SMALL)}))),
        others="the Rust injector holds the whole payload",
    ),
)

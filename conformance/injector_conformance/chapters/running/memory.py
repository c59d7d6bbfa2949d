"""Large payloads in little memory (RUN-10, RUN-10a).

They are made when they run.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Case, Completes, Control
from injector_conformance.chapters.recipes import Recipe, made
from injector_fixtures import seeded, splice, tar
from injector_fixtures.tree import Regular, Tree

_SIZE: Final = 64 * MEBIBYTE
_HALF: Final = 32 * MEBIBYTE
_SMALL: Final = MEBIBYTE
_GROWTH: Final = 16 * MEBIBYTE
"""Buffers may differ by this much; a payload that is held does not fit in it."""

_NAME: Final = b"seed-image.tar"

DIGESTS: Final = {
    _SMALL: "c174e52815d2b754a27b0ff18d4ca3112f5f18b2686c84c49d15388644b7a8bb",
    _HALF: "321fc503e58f4a9919cd247f3bde1affbfa765d51b0705a5ec3dae9433c853a1",
    _SIZE: "24431531e1aa95ca07d6b9e8814fcfc8e587432492a446cb056c93c08af2f73d",
}
"""The SHA-256 of the noise by its size: too dear to compute whenever the cases are listed."""

ZEROS_SHA256: Final = "3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351"
"""The same for 64 MiB of zeros."""


@cache
def unit() -> bytes:
    """What no compressor shortens: it repeats farther apart than DEFLATE can see."""
    return seeded.noise("memory", MEBIBYTE)


def _member(name: bytes, repeated: bytes, size: int, level: int) -> tuple[splice.Part, ...]:
    """A file that consists of units of a mebibyte."""
    return splice.Part(tar.header(name, size=size)), splice.Part(repeated, size // MEBIBYTE, level)


def _stored(size: int, *more: splice.Part) -> Recipe:
    """A payload that takes as much room as its content, and what little more there is."""
    return made(
        lambda: splice.member(*_member(_NAME, unit(), size, level=0), *more, splice.Part(tar.END))
    )


def _tree(size: int) -> Tree:
    return {_NAME: Regular(size, DIGESTS[size])}


CASES: Final = (
    Case(
        id="run-memory-64-mebibytes",
        title="a payload of 64 MiB that does not compress, in one file",
        why="the pod is killed for its memory, with a payload that is not even large",
        origin="the stage1 contract (memory limit 256Mi)",
        requirements=("RUN-10",),
        init=_stored(_SIZE),
        expect=(Completes(_tree(_SIZE)),),
    ),
    Case(
        id="run-memory-as-much-again",
        title="a payload of 64 MiB that holds 128 MiB, half of it zeros",
        why="payload and contents together, or twice, do not fit into the pod's memory",
        origin="the stage1 contract (memory limit 256Mi)",
        requirements=("RUN-10",),
        init=_stored(_SIZE, *_member(b"zeros", bytes(MEBIBYTE), _SIZE, level=9)),
        expect=(Completes({**_tree(_SIZE), b"zeros": Regular(_SIZE, ZEROS_SHA256)}),),
    ),
    Case(
        id="run-memory-does-not-grow",
        title="a payload of 32 MiB takes as much memory as one of 1 MiB",
        why="the day will come when the payload is larger than the memory",
        origin="SPEC.md, Decisions, Memory",
        requirements=("RUN-10a", "RUN-10"),
        init=_stored(_HALF),
        expect=(Completes(_tree(_HALF), memory_growth=_GROWTH),),
        control=Control(_stored(_SMALL), _tree(_SMALL)),
        others="the Rust injector holds the whole payload",
    ),
)

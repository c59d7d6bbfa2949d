"""More chunks than a process may have open files, which are 1,024 (PAY-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import CONTROL, PAYLOAD, TREE, split
from injector_conformance.chapters.recipes import Recipe, completes
from injector_fixtures.layout import PREFIX, File, InitDirectory

_DIGITS: Final = 4


def _cut(count: int) -> Recipe:
    """The sample in so many chunks, their numbers padded to four digits."""
    pieces = split(PAYLOAD, (number * len(PAYLOAD) // count for number in range(1, count)))
    chunks = {
        PREFIX + b"%0*d" % (_DIGITS, number): File(piece) for number, piece in enumerate(pieces)
    }
    return lambda: InitDirectory(chunks, PAYLOAD)


def _many(count: int) -> Case:
    return Case(
        id=f"pay-chunks-{count}",
        title=f"{count:,} chunks, where a process may have 1,024 open files",
        why="whoever opens all chunks before reading the first has no descriptor for the last",
        origin="setrlimit(2), RLIMIT_NOFILE; container runtimes, whose default is 1,024",
        requirements=("PAY-3",),
        init=_cut(count),
        expect=completes(TREE),
        control=CONTROL,
    )


CASES: Final = (_many(1_020), _many(1_100), _many(1_500))

"""Matches of every length and distance (GZ-1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.sample import RECORD, expanded, noise
from injector_conformance.chapters.recipes import completes, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import (
    LONGEST,
    SHORTEST,
    WINDOW,
    Block,
    Match,
    dynamic,
    fixed,
    stored,
    stream,
)

_FIRST_DISTANCES: Final = (
    *(1, 2, 3, 4),
    *(first for bits in range(1, 14) for first in ((2 << bits) + 1, (3 << bits) + 1)),
)
"""The smallest distance of each of the 30 distance codes (RFC 1951, section 3.2.5)."""

_LAST_DISTANCES: Final = (*(first - 1 for first in _FIRST_DISTANCES[1:]), WINDOW)


def _case(
    identity: str,
    title: str,
    before: bytes,
    *tokens: bytes | Match,
    why: str,
    block: Callable[..., Block] = fixed,
    origin: str = "RFC 1951, section 3.2.5",
) -> Case:
    """One file: ``before`` in a stored block together with the tar header, then the tokens."""
    size = len(before) + sum(_length(token) for token in tokens)
    head = tar.header(b"matches", size=size)
    content = expanded(head + before, *tokens)[RECORD:]
    rest = tar.padded(content)[size:] + tar.END

    def build() -> bytes:
        deflated = stream(stored(head + before), block(*tokens, rest))
        return gzip.member(head + content + rest, deflated=deflated)

    return Case(
        id=f"gz-match-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-1",),
        init=made(build),
        expect=completes({b"matches": content}),
    )


def _length(token: bytes | Match) -> int:
    return token.length if isinstance(token, Match) else len(token)


_ALL_LENGTHS: Final = tuple(Match(length, 300) for length in range(SHORTEST, LONGEST + 1))
_ALL_DISTANCES: Final = tuple(
    Match(5, distance)
    for pair in zip(_FIRST_DISTANCES, _LAST_DISTANCES, strict=True)
    for distance in pair
)
_FAR: Final = "a window that is one byte too small, or an index that wraps, copies other bytes"
_TABLES: Final = "one wrong entry in a table of 29 lengths or 30 distances is seldom used"
_OVERLAP: Final = "bytes that the match itself has just written are copied as they were before"

CASES: Final = (
    _case(
        "every-length",
        "matches of every length from 3 to 258, fixed codes",
        noise(300),
        *_ALL_LENGTHS,
        why=_TABLES,
    ),
    _case(
        "every-length-dynamic",
        "matches of every length from 3 to 258, codes of their own",
        noise(300),
        *_ALL_LENGTHS,
        why=_TABLES,
        block=dynamic,
    ),
    _case(
        "every-distance-code",
        "the smallest and the largest distance of all 30 distance codes, fixed codes",
        noise(WINDOW),
        *_ALL_DISTANCES,
        why=_TABLES,
    ),
    _case(
        "every-distance-code-dynamic",
        "the smallest and the largest distance of all 30 distance codes, codes of their own",
        noise(WINDOW),
        *_ALL_DISTANCES,
        why=_TABLES,
        block=dynamic,
    ),
    _case(
        "longest-at-longest-distance",
        "258 bytes from 32,768 bytes back",
        noise(40_000),
        Match(LONGEST, WINDOW),
        why=_FAR,
    ),
    _case(
        "to-the-first-byte",
        "32,768 bytes back to the very first byte of the stream",
        noise(WINDOW - RECORD),
        Match(LONGEST, WINDOW),
        why="a decoder that checks distances one too strictly refuses a valid stream",
    ),
    _case(
        "far-after-64-kib",
        "the full distance again and again, beyond 64 KiB of output",
        noise(60_000),
        *(Match(LONGEST, WINDOW), Match(SHORTEST, WINDOW - 1), b"-") * 60,
        why=_FAR,
    ),
    _case(
        "over-window-end",
        "runs that cross the end of a 32 KiB ring at every place",
        noise(WINDOW - RECORD - 40),
        *(Match(7, 20), Match(LONGEST, 7), Match(LONGEST, WINDOW - 300)) * 80,
        why="a ring buffer is copied in two parts, and one of them is wrong",
    ),
    _case(
        "distance-1",
        "runs of one byte: distance 1, lengths 3 to 258",
        b"x",
        *(Match(length, 1) for length in (SHORTEST, 4, 7, 8, 9, 16, 17, 64, 255, LONGEST)),
        why=_OVERLAP,
    ),
    _case(
        "distance-below-length",
        "patterns of 2 to 17 bytes, repeated for 258 bytes",
        noise(40),
        *(Match(LONGEST, distance) for distance in range(2, 18)),
        why=_OVERLAP,
    ),
    _case(
        "distance-near-length",
        "distances one below, at and one above the length",
        noise(300),
        *(
            Match(length, length + step)
            for length in (4, 8, 16, 32, 64, 128, 256)
            for step in (-1, 0, 1)
        ),
        why="a copy in words is right for distances of a word or more only",
    ),
    _case(
        "of-matches",
        "matches of matches of matches",
        b"ab",
        Match(3, 2),
        Match(5, 5),
        Match(9, 9),
        Match(17, 18),
        Match(33, 30),
        Match(65, 60),
        Match(129, 120),
        Match(LONGEST, 200),
        why=_OVERLAP,
    ),
    _case(
        "at-once",
        "a match as the first symbol of a block",
        b"abc",
        Match(SHORTEST, 3),
        why="a decoder that starts each block with an empty window refuses it",
    ),
)

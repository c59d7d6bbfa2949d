"""Codes of dynamic blocks that must be refused: over-subscribed, incomplete, ill written (GZ-4).

Wherever it is possible the codes in use are right, and the defect lies in one that is not used: a
decoder that does not look gets the whole archive, with the right CRC-32.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, TREE, amid
from injector_conformance.chapters.recipes import FAILS, fails_or, made
from injector_fixtures import gzip
from injector_fixtures.deflate import Block, Match, dynamic, stored, stream
from injector_fixtures.huffman import Lengths, optimal
from injector_fixtures.symbols import COPY, END_OF_BLOCK, MANY_ZEROS, run_lengths

_TWO_READINGS: Final = "two decoders that build their tables otherwise understand it differently"
_OVERFLOW: Final = "lengths are written behind the end of their table"
_COMPLETE: Final = "RFC 1951, section 3.2.2; zlib, inflate_table: over-subscribed or incomplete"
_SECTION: Final = "RFC 1951, section 3.2.7"
_ISAL: Final = "ISA-L 2.31 decodes it; zlib refuses it"
_GNU: Final = "GNU gzip 1.12 decodes it; zlib and ISA-L refuse it"


def _case(
    identity: str,
    title: str,
    block: Callable[[], Block],
    *,
    why: str = _TWO_READINGS,
    origin: str = _COMPLETE,
    holds: bytes | None = None,
    others: str = "",
    expect: tuple[Expectation, ...] = FAILS,
) -> Case:
    """The archive in the odd block; with ``holds``, the block has these bytes of a file's data."""

    def build() -> bytes:
        if holds is None:
            return gzip.member(ARCHIVE, deflated=stream(block()))
        before, behind = amid(holds)
        blocks = (stored(before), block(), stored(behind))
        return gzip.member(before + holds + behind, deflated=stream(*blocks))

    return Case(
        id=f"gz-code-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-4",),
        init=made(build),
        expect=expect,
        control=CONTROL,
        others=others,
    )


_ABC: Final = {ord("a"): 2, ord("b"): 2, ord("c"): 2, END_OF_BLOCK: 2}
"""A complete code for three letters and the end of the block."""


def _literals() -> Lengths:
    """The best code for the archive, which is complete."""
    return optimal({**Counter(ARCHIVE), END_OF_BLOCK: 1}, 14)


def _with_one_more(lengths: Lengths, symbol: int) -> Lengths:
    """A complete code and one code too many, longer than all others, for an unused symbol."""
    return {**lengths, symbol: max(lengths.values()) + 1}


def _with_a_gap(lengths: Lengths) -> Lengths:
    """The code with its last code one bit longer than it need be: all others stay."""
    longest = max((length, symbol) for symbol, length in lengths.items())[1]
    return {**lengths, longest: lengths[longest] + 1}


def _length_code() -> Lengths:
    """The best code for the code lengths of :func:`_literals`, with room for a longer one."""
    literals = _literals()
    listed = [literals.get(symbol, 0) for symbol in range(END_OF_BLOCK + 1)] + [0]
    return optimal(Counter(symbol for symbol, _ in run_lengths(listed)), 6)


def _matches(distances: Lengths) -> Block:
    """A match of three bytes, with these distance codes."""
    return dynamic(Match(3, 1), distances=distances)


def _zeros(count: int) -> bytes:
    """What a match makes behind zeros."""
    return bytes(count)


_LITERALS: Final = (
    _case(
        "literals-over-subscribed",
        "a literal code with one code too many",
        lambda: dynamic(ARCHIVE, literals=_with_one_more(_literals(), 285)),
    ),
    _case(
        "literals-incomplete",
        "a literal code with a gap",
        lambda: dynamic(ARCHIVE, literals=_with_a_gap(_literals())),
        others=_ISAL,
    ),
    _case(
        "literals-incomplete-late",
        "a literal code with a gap, in a later block",
        lambda: dynamic(b"abc", literals={**_ABC, END_OF_BLOCK: 3}),
        others=_ISAL,
        why="a check of the first block only lets it pass",
        holds=b"abc",
    ),
    _case(
        "literals-all-one-bit",
        "four codes of one bit each",
        lambda: dynamic(literals=dict.fromkeys(_ABC, 1)),
        holds=b"",
    ),
    _case(
        "literals-missing",
        "no literal code at all, not even for the end of the block",
        lambda: dynamic(literals={}, end=False),
        why="a table that is empty is searched without end",
        holds=b"",
    ),
    _case(
        "end-of-block-missing",
        "a complete literal code without an end of block",
        lambda: dynamic(b"abcabc", literals=dict.fromkeys(b"abcd", 2), end=False),
        why="the block cannot end: everything behind it is taken for its symbols",
        origin="zlib, inflate: missing end-of-block",
        holds=b"abcabc",
    ),
)

_DISTANCES: Final = (
    _case(
        "distances-over-subscribed",
        "three distance codes of one bit",
        lambda: _matches({0: 1, 1: 1, 2: 1}),
        holds=_zeros(3),
    ),
    _case(
        "distances-over-subscribed-unused",
        "three distance codes of one bit, and no match",
        lambda: dynamic(ARCHIVE, distances={0: 1, 1: 1, 2: 1}),
    ),
    _case(
        "distances-incomplete",
        "two distance codes of two bits",
        lambda: _matches({0: 2, 1: 2}),
        holds=_zeros(3),
        others=_ISAL,
    ),
    _case(
        "distances-incomplete-unused",
        "two distance codes of two bits, and no match",
        lambda: dynamic(ARCHIVE, distances={0: 2, 1: 2}),
        others=_ISAL,
    ),
    _case(
        "distances-single-of-two-bits",
        "a single distance code, of two bits",
        lambda: _matches({0: 2}),
        why="the one exception to completeness is a single code of one bit, and no other",
        holds=_zeros(3),
        origin=_SECTION,
        others=_ISAL,
    ),
)

_CODE_LENGTHS: Final = (
    _case(
        "lengths-over-subscribed",
        "a code for the code lengths with one code too many",
        lambda: dynamic(
            ARCHIVE, literals=_literals(), length_code=_with_one_more(_length_code(), 15)
        ),
    ),
    _case(
        "lengths-incomplete",
        "a code for the code lengths with a gap",
        lambda: dynamic(ARCHIVE, literals=_literals(), length_code=_with_a_gap(_length_code())),
        others=_ISAL,
    ),
    _case(
        "lengths-missing",
        "no code for the code lengths",
        lambda: dynamic(literals={END_OF_BLOCK: 1}, length_code={}, length_symbols=[]),
        why="a table that is empty is searched without end",
        holds=b"",
    ),
)


def _repeat_first() -> Block:
    """The first code length is said to be that of the one before."""
    listed = [_ABC.get(symbol, 0) for symbol in range(END_OF_BLOCK + 1)] + [0]
    symbols = [(COPY, 0), *run_lengths(listed[3:])]
    return dynamic(b"abc", literals=_ABC, length_symbols=symbols)


def _run_too_long() -> Block:
    """The last run of zeros goes on behind the last distance code."""
    listed = [_ABC.get(symbol, 0) for symbol in range(END_OF_BLOCK + 1)]
    symbols = [*run_lengths(listed), (MANY_ZEROS, 127)]
    return dynamic(b"abc", literals=_ABC, length_symbols=symbols)


def _counts(identity: str, title: str, hlit: int | None, hdist: int | None) -> Case:
    return _case(
        identity,
        title,
        lambda: dynamic(ARCHIVE, hlit=hlit, hdist=hdist),
        why=_OVERFLOW,
        origin=f"{_SECTION}: at most 286 and 30; readers differ on unused codes beyond",
        expect=fails_or(TREE),
    )


_FORM: Final = (
    _case(
        "repeat-of-nothing",
        "the first code length is a repetition of the one before",
        _repeat_first,
        why="a length from before the table's beginning is read",
        origin="zlib, inflate: invalid bit length repeat",
        others=_GNU,
        holds=b"abc",
    ),
    _case(
        "run-beyond-end",
        "a run of code lengths that goes on behind the last one",
        _run_too_long,
        why=_OVERFLOW,
        origin="zlib, inflate: invalid bit length repeat",
        holds=b"abc",
    ),
    _counts("count-287", "287 literal codes announced, the last one unused", 287, None),
    _counts("count-288", "288 literal codes announced, the last two unused", 288, None),
    _counts("distance-count-31", "31 distance codes announced, none used", None, 31),
    _counts("distance-count-32", "32 distance codes announced, none used", None, 32),
    _counts("counts-most", "as many codes of both kinds as the fields can say", 288, 32),
)

CASES: Final = (*_LITERALS, *_DISTANCES, *_CODE_LENGTHS, *_FORM)

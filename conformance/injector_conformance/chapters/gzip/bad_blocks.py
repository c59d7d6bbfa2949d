"""Blocks, symbols and distances that no valid stream contains (GZ-4).

The CRC-32 and ISIZE behind each defect are those of what a careless decoder makes of it, wherever
that can be foretold: the defect has to be noticed for what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, RECORD, TWO_MEMBERS
from injector_conformance.chapters.recipes import FAILS, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import (
    LONGEST,
    WINDOW,
    Block,
    DistanceSymbol,
    Match,
    Symbol,
    dynamic,
    fixed,
    reserved,
    stored,
    stream,
)

_TYPE: Final = "a block type without meaning is skipped, or read as one of the others"
_LENGTH: Final = "the complement is the only check of a stored block's length"
_SYMBOL: Final = "a table is read behind its end, or a match of no length is made"
_FAR: Final = "bytes from before the beginning are whatever the memory held"

_BLOCK: Final = "catalogue Z22; RFC 1951, section 3.2.3"
_STORED: Final = "catalogue Z23; RFC 1951, section 3.2.4"
_SYMBOLS: Final = "RFC 1951, section 3.2.6: codes 286, 287, 30 and 31 never occur"
_GNU: Final = "GNU gzip 1.12 decodes it, with zeros or the member before; zlib and ISA-L refuse it"
_BACK: Final = "catalogue Z24; RFC 1951, section 2"


def _case(
    identity: str,
    title: str,
    why: str,
    origin: str,
    blocks: Callable[[], tuple[Block, ...]],
    *,
    decoded: bytes = ARCHIVE,
    others: str = "",
) -> Case:
    """One member; ``decoded`` is what a careless decoder makes of it."""
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-4",),
        init=made(lambda: gzip.member(decoded, deflated=stream(*blocks()))),
        expect=FAILS,
        control=CONTROL,
        others=others,
    )


def _behind(*blocks: Block) -> Callable[[], tuple[Block, ...]]:
    """The whole archive in a stored block, then the defect."""
    return lambda: (stored(ARCHIVE), *blocks)


_TYPES: Final = (
    _case(
        "block-type-3-first",
        "a block of type 3 first",
        _TYPE,
        _BLOCK,
        lambda: (reserved(), stored(ARCHIVE)),
    ),
    _case(
        "block-type-3-amid",
        "a block of type 3 amid the archive",
        _TYPE,
        _BLOCK,
        lambda: (stored(ARCHIVE[:RECORD]), reserved(), stored(ARCHIVE[RECORD:])),
    ),
    _case(
        "block-type-3-last",
        "a block of type 3 behind the whole archive",
        "a reader that stops at the end of the archive never gets to see it",
        _BLOCK,
        _behind(reserved()),
    ),
)


def _complement(identity: str, title: str, complement: int) -> Case:
    return _case(
        f"stored-complement-{identity}",
        title,
        _LENGTH,
        _STORED,
        lambda: (stored(ARCHIVE, complement=complement),),
    )


_LENGTHS: Final = (
    _complement("zero", "NLEN is 0", 0),
    _complement("equal", "NLEN is the same as LEN", len(ARCHIVE)),
    _complement("low-bit", "NLEN is off by its lowest bit", len(ARCHIVE) ^ 0xFFFE),
    _complement("high-bit", "NLEN is off by its highest bit", len(ARCHIVE) ^ 0x7FFF),
    _case(
        "stored-complement-of-empty",
        "an empty stored block behind the archive whose NLEN is 0",
        "nothing is lost and nothing is read wrongly; the stream is damaged all the same",
        _STORED,
        _behind(stored(complement=0)),
    ),
)

_THREE_MORE: Final = ARCHIVE + bytes(3)
"""What a match of three bytes adds to the archive, which ends with zeros."""

_END_AND_LENGTH: Final = {256: 1, 257: 1}


def _unused_bit() -> Block:
    """A match whose distance has the code that a single distance code leaves unused."""
    lengths = [*[0] * 256, 1, 1, 1]
    return dynamic(
        Match(3, 2),
        literals=_END_AND_LENGTH,
        distances={0: 1, 1: 1},
        hdist=1,
        length_symbols=[(length, 0) for length in lengths],
    )


def _as_longest(symbol: int) -> Case:
    return _case(
        f"symbol-{symbol}-as-longest",
        f"symbol {symbol} and a distance, as if it were the longest length once more",
        _SYMBOL,
        _SYMBOLS,
        _behind(fixed(Symbol(symbol), DistanceSymbol(0))),
        decoded=ARCHIVE + bytes(LONGEST),
    )


_MEANINGLESS: Final = (
    _case(
        "symbol-286",
        "symbol 286 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        _behind(fixed(Symbol(286))),
    ),
    _case(
        "symbol-287",
        "symbol 287 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        _behind(fixed(Symbol(287))),
    ),
    _case(
        "symbol-286-as-length",
        "symbol 286 and a distance, as if it were a length",
        _SYMBOL,
        _SYMBOLS,
        _behind(fixed(Symbol(286), DistanceSymbol(0))),
        decoded=_THREE_MORE,
    ),
    _as_longest(286),
    _as_longest(287),
    _case(
        "symbol-286-dynamic",
        "symbol 286 in a block that gives it a code",
        _SYMBOL,
        _SYMBOLS,
        _behind(dynamic(Symbol(286), literals={256: 1, 286: 1})),
    ),
    _case(
        "distance-30",
        "distance code 30 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        _behind(fixed(Symbol(257), DistanceSymbol(30))),
        decoded=_THREE_MORE,
    ),
    _case(
        "distance-31",
        "distance code 31 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        _behind(fixed(Symbol(257), DistanceSymbol(31))),
        decoded=_THREE_MORE,
    ),
    _case(
        "distance-30-dynamic",
        "distance code 30 in a block that gives it a code",
        _SYMBOL,
        _SYMBOLS,
        _behind(
            dynamic(
                Symbol(257), DistanceSymbol(30), literals=_END_AND_LENGTH, distances={0: 1, 30: 1}
            )
        ),
        decoded=_THREE_MORE,
    ),
    _case(
        "distance-without-code",
        "a match in a block that has no distance code",
        _SYMBOL,
        "RFC 1951, section 3.2.7: no distance codes, only literals",
        _behind(dynamic(Symbol(257), literals=_END_AND_LENGTH)),
        decoded=_THREE_MORE,
    ),
    _case(
        "distance-unused-bit",
        "the other bit of a single distance code",
        "an entry of the table that nobody filled is used",
        "RFC 1951, section 3.2.7: the unused code of a single distance",
        _behind(_unused_bit()),
        decoded=_THREE_MORE,
    ),
)


def _into_the_member_before() -> bytes:
    """The zero blocks as matches that begin in the window of the member before."""
    first, second = ARCHIVE[: -len(tar.END)], tar.END
    packed = stream(fixed(*[Match(256, 1)] * 4))
    return gzip.member(first) + gzip.member(second, deflated=packed)


_TOO_FAR: Final = (
    _case(
        "distance-before-first-byte",
        "a match as the very first symbol",
        _FAR,
        _BACK,
        lambda: (fixed(*[Match(256, 1)] * 4),),
        decoded=tar.END,
        others=_GNU,
    ),
    _case(
        "distance-one-too-far",
        "a match that begins one byte before the beginning",
        "a check that is off by one lets exactly this one through",
        _BACK,
        _behind(fixed(Match(3, len(ARCHIVE) + 1))),
        decoded=ARCHIVE + b"\0" + ARCHIVE[:2],
        others=_GNU,
    ),
    _case(
        "distance-one-too-far-dynamic",
        "the same in a block with codes of its own",
        "decoders have a fast path and a slow one, each with a check of its own",
        _BACK,
        _behind(dynamic(Match(3, len(ARCHIVE) + 1))),
        decoded=ARCHIVE + b"\0" + ARCHIVE[:2],
        others=_GNU,
    ),
    _case(
        "distance-32768-too-far",
        "the longest distance, with 3,072 bytes before it",
        "a window of zeros that was never written is read",
        _BACK,
        _behind(fixed(Match(3, WINDOW))),
        decoded=_THREE_MORE,
        others=_GNU,
    ),
    Case(
        id="gz-distance-into-member-before",
        title="a match that reaches back into the member before",
        why="members are independent; a window that lives on makes two readings of one payload",
        origin="RFC 1952, section 2.2; catalogue Z24",
        requirements=("GZ-4",),
        init=made(_into_the_member_before),
        expect=FAILS,
        control=TWO_MEMBERS,
        others=_GNU,
    ),
)

CASES: Final = (*_TYPES, *_LENGTHS, *_MEANINGLESS, *_TOO_FAR)

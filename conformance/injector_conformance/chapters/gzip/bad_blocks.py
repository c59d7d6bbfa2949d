"""Blocks and symbols that no valid stream contains (GZ-4).

The CRC-32 and ISIZE behind each defect are those of what a careless decoder makes of it, wherever
that can be foretold: the defect has to be noticed for what it is.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.defects import defect, defect_amid
from injector_conformance.chapters.gzip.sample import ARCHIVE, RECORD
from injector_fixtures.deflate import (
    LONGEST,
    Block,
    DistanceSymbol,
    Match,
    Symbol,
    dynamic,
    fixed,
    reserved,
    stored,
)

_TYPE: Final = "a block type without meaning is skipped, or read as one of the others"
_LENGTH: Final = "the complement is the only check of a stored block's length"
_SYMBOL: Final = "a table is read behind its end, or a match of no length is made"

_BLOCK: Final = "catalogue Z22; RFC 1951, section 3.2.3"
_STORED: Final = "catalogue Z23; RFC 1951, section 3.2.4"
_SYMBOLS: Final = "RFC 1951, section 3.2.6: codes 286, 287, 30 and 31 never occur"


_TYPES: Final = (
    defect(
        "block-type-3-first",
        "a block of type 3 first",
        _TYPE,
        _BLOCK,
        lambda: (reserved(), stored(ARCHIVE)),
    ),
    defect(
        "block-type-3-amid",
        "a block of type 3 amid the archive",
        _TYPE,
        _BLOCK,
        lambda: (stored(ARCHIVE[:RECORD]), reserved(), stored(ARCHIVE[RECORD:])),
    ),
    defect(
        "block-type-3-last",
        "a block of type 3 behind the whole archive",
        "a reader that stops at the end of the archive never gets to see it",
        _BLOCK,
        lambda: (stored(ARCHIVE), reserved()),
        requirement="TAR-14",
    ),
)


def _complement(identity: str, title: str, complement: int) -> Case:
    return defect(
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
    defect_amid(
        "stored-complement-of-empty",
        "an empty stored block amid the archive whose NLEN is 0",
        "nothing is lost and nothing is read wrongly; the stream is damaged all the same",
        _STORED,
        stored(complement=0),
    ),
)

_THREE: Final = bytes(3)
"""What a match of three bytes makes behind zeros."""

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
    return defect_amid(
        f"symbol-{symbol}-as-longest",
        f"symbol {symbol} and a distance, as if it were the longest length once more",
        _SYMBOL,
        _SYMBOLS,
        fixed(Symbol(symbol), DistanceSymbol(0)),
        holds=bytes(LONGEST),
    )


_MEANINGLESS: Final = (
    defect_amid(
        "symbol-286",
        "symbol 286 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        fixed(Symbol(286)),
    ),
    defect_amid(
        "symbol-287",
        "symbol 287 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        fixed(Symbol(287)),
    ),
    defect_amid(
        "symbol-286-as-length",
        "symbol 286 and a distance, as if it were a length",
        _SYMBOL,
        _SYMBOLS,
        fixed(Symbol(286), DistanceSymbol(0)),
        holds=_THREE,
    ),
    _as_longest(286),
    _as_longest(287),
    defect_amid(
        "symbol-286-dynamic",
        "symbol 286 in a block that gives it a code",
        _SYMBOL,
        _SYMBOLS,
        dynamic(Symbol(286), literals={256: 1, 286: 1}),
    ),
    defect_amid(
        "distance-30",
        "distance code 30 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        fixed(Symbol(257), DistanceSymbol(30)),
        holds=_THREE,
    ),
    defect_amid(
        "distance-31",
        "distance code 31 in a block with fixed codes",
        _SYMBOL,
        _SYMBOLS,
        fixed(Symbol(257), DistanceSymbol(31)),
        holds=_THREE,
    ),
    defect_amid(
        "distance-30-dynamic",
        "distance code 30 in a block that gives it a code",
        _SYMBOL,
        _SYMBOLS,
        dynamic(
            Symbol(257), DistanceSymbol(30), literals=_END_AND_LENGTH, distances={0: 1, 30: 1}
        ),
        holds=_THREE,
    ),
    defect_amid(
        "distance-without-code",
        "a match in a block that has no distance code",
        _SYMBOL,
        "RFC 1951, section 3.2.7: no distance codes, only literals",
        dynamic(Symbol(257), literals=_END_AND_LENGTH),
        holds=_THREE,
    ),
    defect_amid(
        "distance-unused-bit",
        "the other bit of a single distance code",
        "an entry of the table that nobody filled is used",
        "RFC 1951, section 3.2.7: the unused code of a single distance",
        _unused_bit(),
        holds=_THREE,
    ),
)


CASES: Final = (*_TYPES, *_LENGTHS, *_MEANINGLESS)

"""Where the boundaries between chunks fall: at every place of the formats inside (PAY-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import (
    ARCHIVE,
    CONTROL,
    DEFLATE,
    FIXED_HEADER,
    PAYLOAD,
    STORED,
    TRAILER,
    TREE,
    in_one_chunk,
    in_pieces,
)
from injector_conformance.chapters.recipes import completes
from injector_fixtures import deflate, gzip

_WHY: Final = (
    "the cut knows nothing of the formats: a reader that takes chunks for units fails here"
)

_RECORD: Final = 512

_BLOCKS: Final = (
    deflate.stored(ARCHIVE[:_RECORD]),
    deflate.fixed(ARCHIVE[_RECORD : 2 * _RECORD]),
    deflate.dynamic(ARCHIVE[2 * _RECORD :]),
)
_MIXED: Final = gzip.member(ARCHIVE, deflated=deflate.stream(*_BLOCKS))
"""The sample's archive with one block of each type."""
_FIXED_BLOCK: Final = FIXED_HEADER + len(deflate.stream(*_BLOCKS[:1]))
_DYNAMIC_BLOCK: Final = FIXED_HEADER + len(deflate.stream(*_BLOCKS[:2])) - 1
"""The byte in which the last block begins."""

_FIRST: Final = gzip.member(ARCHIVE[:_RECORD])
_MEMBERS: Final = _FIRST + gzip.member(ARCHIVE[_RECORD:])
"""The sample's archive in two members."""


_CONTROLS: Final = {
    PAYLOAD: CONTROL,
    _MIXED: in_one_chunk(_MIXED, "GZ-1"),
    _MEMBERS: in_one_chunk(_MEMBERS, "GZ-3"),
}


def _case(place: str, title: str, payload: bytes, *places: int) -> Case:
    return Case(
        id=f"pay-boundary-{place}",
        title=f"a chunk ends {title}",
        why=_WHY,
        origin="the stage1 contract: chunks are cut by size alone",
        requirements=("PAY-3",),
        init=in_pieces(payload, *places),
        expect=completes(TREE),
        control=_CONTROLS[payload],
    )


_IN_THE_GZIP_HEADER: Final = (
    _case("inside-magic", "between the two bytes of gzip's magic", PAYLOAD, 1),
    _case("after-magic", "between gzip's magic and the method", PAYLOAD, 2),
    _case("before-flags", "between the method and the flags", PAYLOAD, 3),
    _case("inside-time", "inside the gzip header's time", PAYLOAD, 6),
    _case("before-optional-fields", "after the ten fixed bytes", PAYLOAD, FIXED_HEADER),
    _case("inside-name", "inside FNAME", PAYLOAD, FIXED_HEADER + 4),
    _case("before-end-of-name", "before the NUL that ends FNAME", PAYLOAD, DEFLATE - 1),
    _case("before-deflate", "between the gzip header and the compressed data", PAYLOAD, DEFLATE),
)

_IN_A_BLOCK: Final = (
    _case("before-length", "between the block's type and LEN", PAYLOAD, DEFLATE + 1),
    _case("inside-length", "inside LEN", PAYLOAD, DEFLATE + 2),
    _case("before-complement", "between LEN and NLEN", PAYLOAD, DEFLATE + 3),
    _case("before-stored-data", "between NLEN and the stored bytes", PAYLOAD, STORED),
    _case("before-fixed-block", "between two blocks", _MIXED, _FIXED_BLOCK),
    _case("inside-fixed-block", "inside a block with fixed codes", _MIXED, _FIXED_BLOCK + 20),
    _case("inside-dynamic-counts", "inside HLIT, HDIST, HCLEN", _MIXED, _DYNAMIC_BLOCK + 1),
    _case("inside-dynamic-codes", "inside the code lengths", _MIXED, _DYNAMIC_BLOCK + 8),
    _case("inside-dynamic-block", "inside a block with its own codes", _MIXED, len(_MIXED) - 60),
    _case("before-last-bits", "before the last byte of the last block", _MIXED, len(_MIXED) - 9),
)

_IN_THE_ARCHIVE: Final = (
    _case("inside-tar-name", "inside the name in a tar header", PAYLOAD, STORED + 2),
    _case("inside-tar-size", "inside the size in a tar header", PAYLOAD, STORED + 130),
    _case("inside-tar-checksum", "inside the checksum of a tar header", PAYLOAD, STORED + 151),
    _case("before-file-data", "between a tar header and its data", PAYLOAD, STORED + _RECORD),
    _case("inside-file-data", "inside the data of a file", PAYLOAD, STORED + _RECORD + 7),
    _case("before-padding", "between the data and its padding", PAYLOAD, STORED + _RECORD + 15),
    _case("inside-padding", "inside the padding after the data", PAYLOAD, STORED + _RECORD + 99),
    _case("between-entries", "between two entries", PAYLOAD, STORED + 2 * _RECORD),
    _case("before-end-of-archive", "before the two zero blocks", PAYLOAD, TRAILER - 2 * _RECORD),
    _case("inside-end-of-archive", "between the two zero blocks", PAYLOAD, TRAILER - _RECORD),
)

_IN_THE_TRAILER: Final = (
    _case("before-trailer", "between the compressed data and the trailer", PAYLOAD, TRAILER),
    _case("inside-crc", "inside CRC-32", PAYLOAD, TRAILER + 2),
    _case("before-isize", "between CRC-32 and ISIZE", PAYLOAD, TRAILER + 4),
    _case("inside-isize", "inside ISIZE", PAYLOAD, TRAILER + 5),
    _case("before-last-byte", "before the last byte of all", PAYLOAD, len(PAYLOAD) - 1),
    _case("between-members", "between two gzip members", _MEMBERS, len(_FIRST)),
    _case("inside-second-magic", "inside the magic of a second member", _MEMBERS, len(_FIRST) + 1),
    _case("inside-first-trailer", "inside the first member's trailer", _MEMBERS, len(_FIRST) - 3),
)

CASES: Final = (*_IN_THE_GZIP_HEADER, *_IN_A_BLOCK, *_IN_THE_ARCHIVE, *_IN_THE_TRAILER)

"""Streams that are cut short, from the first byte to the last one of the trailer (GZ-6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Argument, Case, Control
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, RECORD, TWO_MEMBERS
from injector_conformance.chapters.recipes import FAILS, made
from injector_fixtures import gzip
from injector_fixtures.deflate import dynamic, fixed, stored, stream
from injector_fixtures.layout import cut, subpath

_MISSING: Final = "a missing last chunk is the commonest accident of all"
_TAIL: Final = "all files are there; a reader that stops at the archive's end never notices"
_RFC: Final = "catalogue Z19; RFC 1952, section 2.3"

_TRAILER: Final = 8
_PLAIN: Final = gzip.member(ARCHIVE)
_DATA: Final = len(_PLAIN) - _TRAILER - len(ARCHIVE)
"""Where the archive begins in the stream."""


def _case(
    identity: str,
    title: str,
    build: Callable[[], bytes],
    *,
    why: str = _MISSING,
    origin: str = _RFC,
    others: str = "",
    control: Control = CONTROL,
) -> Case:
    return Case(
        id=f"gz-cut-{identity}",
        title=f"the stream ends {title}",
        why=why,
        origin=origin,
        requirements=("GZ-6",),
        init=made(build),
        expect=FAILS,
        control=control,
        others=others,
    )


def _at(identity: str, title: str, size: int, why: str = _MISSING) -> Case:
    """The plain stream cut to this size."""
    return _case(identity, title, lambda: _PLAIN[:size], why=why)


_ALL_FIELDS: Final = gzip.member(
    ARCHIVE, extra=b"extra", name=b"name", comment=b"comment", header_crc="right"
)
_EXTRA: Final = 10
_NAME: Final = _EXTRA + 2 + len(b"extra")
_COMMENT: Final = _NAME + len(b"name\0")
_HEADER_CRC: Final = _COMMENT + len(b"comment\0")


def _field(identity: str, title: str, size: int) -> Case:
    """A stream with all optional fields, cut to this size."""
    return _case(
        identity,
        title,
        lambda: _ALL_FIELDS[:size],
        why="a decoder that reads a field to its end, wherever that is, reads for ever",
    )


_HEADER: Final = (
    _at("after-one-byte", "after the first byte of the magic", 1),
    _at("after-magic", "after the magic", 2),
    _at("before-flags", "before the flags", 3),
    _at("before-time", "before the time", 4),
    _at("before-system", "before the last byte of the fixed header", 9),
    _at("after-header", "after the fixed header", 10),
    _field("before-extra", "before XLEN", _EXTRA),
    _field("inside-extra-length", "inside XLEN", _EXTRA + 1),
    _field("inside-extra", "inside the extra field", _EXTRA + 4),
    _field("inside-name", "inside FNAME", _NAME + 2),
    _field("inside-comment", "inside FCOMMENT", _COMMENT + 2),
    _field("before-header-crc", "before FHCRC", _HEADER_CRC),
    _field("inside-header-crc", "inside FHCRC", _HEADER_CRC + 1),
    _field("after-all-fields", "after all optional fields", _HEADER_CRC + 2),
    _case(
        "endless-name",
        "before FNAME does: nothing behind it is zero",
        lambda: _PLAIN[:3] + b"\x08" + _PLAIN[4:10] + b"n" * 100_000,
        why="a name without end fills the memory, or the search for its end leaves it",
        origin="catalogue Z30",
    ),
    _case(
        "extra-longer-than-stream",
        "inside an extra field that claims 65,535 bytes",
        lambda: gzip.member(ARCHIVE, extra=b"extra", extra_length=65535),
        why="a claim that is trusted is read from behind the end of the payload",
        origin="RFC 1952, section 2.3.1.1",
    ),
)

_FIXED: Final = stream(stored(ARCHIVE), fixed(end=False))
_DYNAMIC: Final = stream(dynamic(ARCHIVE))


def _deflated(data: bytes) -> bytes:
    """A member without a trailer, around these compressed bytes."""
    return gzip.member(ARCHIVE, deflated=data)[:-_TRAILER]


_BLOCKS: Final = (
    _at("after-block-type", "after the first block's type", _DATA - 4),
    _at("inside-stored-length", "between LEN and NLEN", _DATA - 2),
    _at("before-stored-data", "before the first stored byte", _DATA),
    _at("inside-tar-header", "inside a tar header", _DATA + 100),
    _at("before-file-data", "between a tar header and its data", _DATA + RECORD),
    _at("inside-file-data", "inside the data of a file", _DATA + RECORD + 100),
    _at("inside-padding", "inside the padding behind a file", _DATA + 3 * RECORD + 100),
    _at("before-end-of-archive", "before the two zero blocks", _DATA + 4 * RECORD, _TAIL),
    _at("inside-end-of-archive", "between the two zero blocks", _DATA + 5 * RECORD, _TAIL),
    _at("before-last-data", "before the last byte of the archive", len(_PLAIN) - 9, _TAIL),
    _case(
        "without-last-block",
        "after a block that is not the last one",
        lambda: _deflated(stream(stored(ARCHIVE, final=False))),
        why=_TAIL,
    ),
    _case(
        "without-last-block-with-trailer",
        "with a trailer behind a block that is not the last one",
        lambda: gzip.member(ARCHIVE, deflated=stream(stored(ARCHIVE, final=False))),
        why="the trailer is taken for what comes where a block should begin",
        origin="RFC 1951, section 3.2.3: BFINAL",
    ),
    _case(
        "without-end-of-block",
        "inside a fixed block, behind the whole archive",
        lambda: _deflated(_FIXED),
        why=_TAIL,
        origin="RFC 1951, section 3.2.3",
    ),
    _case(
        "inside-dynamic-header",
        "inside the code lengths of a dynamic block",
        lambda: _deflated(_DYNAMIC[:12]),
    ),
    _case(
        "inside-dynamic-block",
        "inside a dynamic block",
        lambda: _deflated(_DYNAMIC[: len(_DYNAMIC) // 2]),
    ),
    _case(
        "before-last-bits",
        "before the last byte of a dynamic block",
        lambda: _deflated(_DYNAMIC[:-1]),
        why=_TAIL,
    ),
)

_NO_TRAILER: Final = "flate2, CPython, Go and BusyBox were seen to complete"


def _trailer(left: int, title: str, origin: str) -> Case:
    return _case(
        f"trailer-{left}-bytes",
        f"after {left} of the trailer's eight bytes: {title}",
        lambda: _PLAIN[: len(_PLAIN) - _TRAILER + left],
        why=_TAIL,
        origin=origin,
        others=_NO_TRAILER if left in (0, 4) else "",
    )


_TRAILERS: Final = (
    _trailer(0, "none of it is there", "catalogue Z10"),
    _trailer(1, "one byte of CRC-32", "catalogue Z11"),
    _trailer(3, "CRC-32 but for a byte", "catalogue Z11"),
    _trailer(4, "CRC-32 without ISIZE", "catalogue Z11"),
    _trailer(5, "one byte of ISIZE", "catalogue Z11"),
    _trailer(7, "all but the very last byte", "catalogue Z11"),
)

_FIRST: Final = gzip.member(ARCHIVE)
_SECOND: Final = gzip.member(b"", name=b"second")


def _member(identity: str, title: str, left: int) -> Case:
    """The whole archive in one member, and so many bytes of another one."""
    return _case(
        f"second-member-{identity}",
        f"inside a second member: {title}",
        lambda: _FIRST + _SECOND[:left],
        why="what begins as a member and does not end as one was cut off",
        origin="RFC 1952, section 2.2",
        control=TWO_MEMBERS,
    )


_CHUNKS: Final = cut(gzip.member(ARCHIVE), 500)

_MEMBERS: Final = (
    _member("after-magic", "after its magic", 2),
    _member("inside-header", "in its header", 8),
    _member("inside-name", "in its name", 13),
    _member("before-data", "before its data", 17),
    _member("inside-trailer", "in its trailer", len(_SECOND) - 1),
)


def _last_chunk(word: str, *last: bytes) -> Case:
    return Case(
        id=f"gz-cut-last-chunk-{word}",
        title=f"the last of several chunks is {word}, and no checksum tells",
        why=_MISSING,
        origin="catalogue Z19",
        requirements=("GZ-6",),
        init=lambda: subpath([*_CHUNKS[:-1], *last]),
        expect=FAILS,
        argument=Argument.NONE,
        control=CONTROL,
    )


_LAST_CHUNK: Final = (_last_chunk("missing"), _last_chunk("empty", b""))

CASES: Final = (*_HEADER, *_BLOCKS, *_TRAILERS, *_MEMBERS, *_LAST_CHUNK)

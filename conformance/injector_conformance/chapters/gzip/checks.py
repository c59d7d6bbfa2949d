"""CRC-32 and ISIZE of every member are checked, also behind the archive's end (GZ-5)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.gzip.sample import (
    ARCHIVE,
    CONTROL,
    RECORD,
    THREE_MEMBERS,
    TWO_MEMBERS,
)
from injector_conformance.chapters.recipes import FAILS, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import stored_stream

_ONLY: Final = "without a checksum argument nothing else tells that the data is damaged"
_BEHIND: Final = "readers that stop at the end of the archive never get to see it"
_PASSED: Final = (
    "flate2, CPython, bsdtar and Go completed; GNU tar and BusyBox failed, as they should"
)

_CRC: Final = zlib.crc32(ARCHIVE)
_DEFLATED: Final = stored_stream(ARCHIVE)


def _case(
    identity: str,
    title: str,
    build: Callable[[], bytes],
    *,
    why: str = _ONLY,
    origin: str,
    others: str = "",
    control: Control = CONTROL,
) -> Case:
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-5",),
        init=made(build),
        expect=FAILS,
        control=control,
        others=others,
    )


def _crc(identity: str, title: str, crc: int) -> Case:
    return _case(
        f"crc-{identity}",
        f"CRC-32 is {title}",
        lambda: gzip.member(ARCHIVE, crc=crc),
        origin="catalogue Z07",
        others=_PASSED,
    )


def _isize(identity: str, title: str, isize: int) -> Case:
    return _case(
        f"isize-{identity}",
        f"ISIZE is {title}",
        lambda: gzip.member(ARCHIVE, isize=isize),
        origin="catalogue Z08",
        others=_PASSED,
    )


def _swapped(number: int) -> int:
    return int.from_bytes(number.to_bytes(4, "big"), "little")


_TRAILERS: Final = (
    _crc("low-bit", "off by its lowest bit", _CRC ^ 1),
    _crc("high-bit", "off by its highest bit", _CRC ^ 1 << 31),
    _crc("zero", "zero", 0),
    _crc("inverted", "inverted", _CRC ^ 0xFFFF_FFFF),
    _crc("swapped", "in the other byte order", _swapped(_CRC)),
    _crc("of-deflated", "that of the compressed data", zlib.crc32(_DEFLATED)),
    _isize("one-more", "one more than it should be", len(ARCHIVE) + 1),
    _isize("one-less", "one less than it should be", len(ARCHIVE) - 1),
    _isize("zero", "zero", 0),
    _isize("high-bit", "off by its highest bit", len(ARCHIVE) ^ 1 << 31),
    _isize("swapped", "in the other byte order", _swapped(len(ARCHIVE))),
    _isize("of-deflated", "the length of the compressed data", len(_DEFLATED)),
    _case(
        "trailer-swapped",
        "ISIZE stands before CRC-32",
        lambda: gzip.member(ARCHIVE, crc=len(ARCHIVE), isize=_CRC),
        origin="RFC 1952, section 2.3.1",
    ),
    _case(
        "trailer-zeros",
        "CRC-32 and ISIZE are zero",
        lambda: gzip.member(ARCHIVE, crc=0, isize=0),
        origin="catalogue Z07, Z08",
        others=_PASSED,
    ),
)


def _members(wrong: int, isize: int | None = None) -> bytes:
    """The archive in three members of which one has a wrong trailer."""
    parts = (ARCHIVE[:RECORD], ARCHIVE[RECORD : 3 * RECORD], ARCHIVE[3 * RECORD :])
    return b"".join(
        gzip.member(part, crc=0, isize=isize) if number == wrong else gzip.member(part)
        for number, part in enumerate(parts)
    )


def _summed_up() -> bytes:
    """Two members of which the second one has CRC-32 and ISIZE of both together."""
    first, second = ARCHIVE[: 2 * RECORD], ARCHIVE[2 * RECORD :]
    return gzip.member(first) + gzip.member(second, crc=_CRC, isize=len(ARCHIVE))


_MEMBERS: Final = (
    _case(
        "crc-of-first-member",
        "CRC-32 of the first of three members is wrong",
        lambda: _members(0),
        why="a decoder that keeps the last member's sums only lets it through",
        origin="RFC 1952, section 2.2: every member has a trailer of its own",
        control=THREE_MEMBERS,
    ),
    _case(
        "crc-of-middle-member",
        "CRC-32 of the second of three members is wrong",
        lambda: _members(1),
        why="a decoder that keeps the last member's sums only lets it through",
        origin="RFC 1952, section 2.2: every member has a trailer of its own",
        control=THREE_MEMBERS,
    ),
    _case(
        "crc-of-last-member",
        "CRC-32 of the last of three members is wrong",
        lambda: _members(2),
        why=_BEHIND,
        origin="RFC 1952, section 2.2: every member has a trailer of its own",
        control=THREE_MEMBERS,
    ),
    _case(
        "trailer-of-all-members",
        "the second of two members has CRC-32 and ISIZE of both together",
        _summed_up,
        why="sums that are not begun anew with each member are those of no member",
        origin="RFC 1952, section 2.2: every member has a trailer of its own",
        control=TWO_MEMBERS,
    ),
    _case(
        "crc-of-empty-member",
        "an empty member behind the archive has a wrong CRC-32",
        lambda: gzip.member(ARCHIVE) + gzip.member(crc=1),
        why=_BEHIND,
        origin="catalogue Z07",
        control=TWO_MEMBERS,
    ),
    _case(
        "isize-of-empty-member",
        "an empty member before the archive has a wrong ISIZE",
        lambda: gzip.member(isize=1) + gzip.member(ARCHIVE),
        why="what holds nothing is not checked",
        origin="catalogue Z08",
        control=TWO_MEMBERS,
    ),
    _case(
        "crc-behind-padding",
        "64 KiB of zeros behind the archive's end, then a wrong CRC-32",
        lambda: gzip.tgz(ARCHIVE[: -len(tar.END)], end=bytes(1 << 16), crc=0),
        why=_BEHIND,
        origin="catalogue Z07; GNU tar pads archives to records of 10 KiB",
    ),
)


def _flip(where: str, title: str, place: int, why: str = _ONLY) -> Case:
    """One bit of the stored data inverted; the trailer is that of the right data."""
    packed = bytearray(gzip.member(ARCHIVE))
    packed[len(packed) - 8 - len(ARCHIVE) + place] ^= 1
    return _case(
        f"flip-{where}",
        f"one bit inverted in {title}, the trailer as it was",
        lambda: bytes(packed),
        why=why,
        origin="catalogue Z36",
        others=_PASSED,
    )


_UNCHECKED: Final = "no checksum of the archive covers it"

_FLIPS: Final = (
    _flip("data", "the data of a file", RECORD + 9, _UNCHECKED),
    _flip("last-data", "the last byte of the last file", 3 * RECORD + 45, _UNCHECKED),
    _flip("padding", "the padding behind a file", 3 * RECORD + 300, _UNCHECKED),
    _flip("end-of-archive", "the second zero block", 5 * RECORD + 1, _BEHIND),
    _flip("last-byte", "the last byte of the archive", len(ARCHIVE) - 1, _BEHIND),
)

CASES: Final = (*_TRAILERS, *_MEMBERS, *_FLIPS)

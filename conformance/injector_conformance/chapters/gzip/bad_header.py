"""Gzip headers that must be refused (GZ-4), or should be (GZ-5a)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, RECORD, TWO_MEMBERS
from injector_conformance.chapters.recipes import FAILS, made
from injector_fixtures import gzip

_MAGIC: Final = "a format that is guessed is a decoder more that an attacker can choose"
_METHOD: Final = "data of another method, read as DEFLATE, is anything"
_FLAG: Final = "a reserved flag may announce a field, which is then taken for compressed data"
_LENIENT: Final = "flate2, CPython, Go and BusyBox let it pass; GNU gzip and bsdtar refuse it"


def _case(
    identity: str,
    title: str,
    build: Callable[[], bytes],
    why: str,
    *,
    origin: str,
    requirement: str = "GZ-4",
    others: str = "",
    control: Control = CONTROL,
) -> Case:
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=(requirement,),
        init=made(build),
        expect=FAILS,
        control=control,
        others=others,
    )


def _magic(
    identity: str,
    title: str,
    magic: bytes,
    origin: str = "RFC 1952, section 2.3.1",
    others: str = "",
) -> Case:
    return _case(
        f"magic-{identity}",
        title,
        lambda: gzip.member(ARCHIVE, magic=magic),
        _MAGIC,
        origin=origin,
        others=others,
    )


def _method(method: int) -> Case:
    return _case(
        f"method-{method}",
        f"compression method {method}",
        lambda: gzip.member(ARCHIVE, method=method),
        _METHOD,
        origin="catalogue Z06",
    )


def _reserved(flag: int) -> Case:
    return _case(
        f"reserved-flag-{flag:02x}",
        f"the reserved flag {flag:#04x}",
        lambda: gzip.member(ARCHIVE, reserved=flag),
        _FLAG,
        origin="catalogue Z05; RFC 1952, section 2.3.1.2",
        others=_LENIENT,
    )


def _second(
    *, reserved: int = 0, method: int = 8, header_crc: Literal["wrong"] | None = None
) -> bytes:
    """The archive in two members, the second with an odd header."""
    second = gzip.member(
        ARCHIVE[2 * RECORD :], reserved=reserved, method=method, header_crc=header_crc
    )
    return gzip.member(ARCHIVE[: 2 * RECORD]) + second


_HEADER_SUM: Final = "RFC 1952, section 2.3.1: CRC16; catalogue Z04"
_HEADER_SUM_WHY: Final = (
    "the field exists to be checked: a damaged header is noticed by nothing else"
)
_HEADER_SUM_OTHERS: Final = "flate2, GNU gzip and Go check it; CPython, bsdtar and BusyBox do not"


def _header_sum(
    identity: str, title: str, build: Callable[[], bytes], control: Control = CONTROL
) -> Case:
    return _case(
        f"fhcrc-{identity}",
        title,
        build,
        _HEADER_SUM_WHY,
        origin=_HEADER_SUM,
        requirement="GZ-5a",
        others=_HEADER_SUM_OTHERS,
        control=control,
    )


def _damaged_time() -> bytes:
    """One bit of the time inverted under a header CRC that was right before."""
    packed = bytearray(gzip.member(ARCHIVE, header_crc="right"))
    packed[4] ^= 1
    return bytes(packed)


CASES: Final = (
    _magic("first-byte", "the first byte of the magic is wrong", b"\x1e\x8b"),
    _magic("second-byte", "the second byte of the magic is wrong", b"\x1f\x8a"),
    _magic("swapped", "the bytes of the magic are swapped", b"\x8b\x1f"),
    _magic(
        "old-gzip",
        "the magic of gzip before 1.0",
        b"\x1f\x9e",
        "GNU gzip, OLD_GZIP_MAGIC",
        "GNU gzip 1.12 decodes it",
    ),
    _magic("pack", "the magic of pack", b"\x1f\x1e", "file(1): pack format"),
    *map(_method, (0, 7, 9, 255)),
    *map(_reserved, (0x20, 0x40, 0x80)),
    _case(
        "reserved-flags-all",
        "all three reserved flags together with FNAME",
        lambda: gzip.member(ARCHIVE, reserved=0xE0, name=b"payload.tar"),
        _FLAG,
        origin="catalogue Z05",
        others=_LENIENT,
    ),
    _case(
        "reserved-flag-in-second-member",
        "a reserved flag in a second member, amid the archive",
        lambda: _second(reserved=0x20),
        "a decoder that judges the first header only reads the second one blindly",
        origin="catalogue Z05",
        control=TWO_MEMBERS,
    ),
    _case(
        "method-in-second-member",
        "another compression method in a second member, amid the archive",
        lambda: _second(method=9),
        "a decoder that judges the first header only reads the second one blindly",
        origin="catalogue Z06",
        control=TWO_MEMBERS,
    ),
    _header_sum(
        "wrong",
        "an FHCRC that is off by one bit",
        lambda: gzip.member(ARCHIVE, header_crc="wrong"),
    ),
    _header_sum(
        "wrong-behind-all-fields",
        "a wrong FHCRC behind all other fields",
        lambda: gzip.member(ARCHIVE, extra=b"e", name=b"n", comment=b"c", header_crc="wrong"),
    ),
    _header_sum("time-damaged", "a correct FHCRC, then a bit of the time inverted", _damaged_time),
    _header_sum(
        "wrong-in-second-member",
        "a wrong FHCRC in a second member, amid the archive",
        lambda: _second(header_crc="wrong"),
        TWO_MEMBERS,
    ),
)

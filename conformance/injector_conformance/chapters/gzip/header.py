"""The optional fields of a gzip header, and those that nobody looks at (GZ-2)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, TREE, in_members
from injector_conformance.chapters.recipes import completes, fails_or, made
from injector_fixtures import gzip

_HELD: Final = "a decoder that skips the wrong number of bytes takes a field for compressed data"
_UNUSED: Final = "a decoder that judges a field by values it knows refuses a valid stream"
_RFC: Final = "RFC 1952, section 2.3"
_WRITER: Final = "catalogue Z02: what gzip FILE, bgzip and others write"


def _case(
    identity: str,
    title: str,
    build: Callable[[], bytes],
    *,
    why: str = _HELD,
    origin: str = _RFC,
    others: str = "",
    may_fail: bool = False,
    control: Control | None = None,
) -> Case:
    return Case(
        id=f"gz-header-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-2",),
        init=made(build),
        expect=fails_or(TREE) if may_fail else completes(TREE),
        control=CONTROL if may_fail else control,
        others=others,
    )


_STEP: Final = len(ARCHIVE) // 32


def _every_combination() -> bytes:
    """The archive in 32 members, one for each combination of the five flags."""
    step = _STEP
    stream = b""
    for number, flags in enumerate(product((False, True), repeat=5)):
        text, extra, name, comment, header_crc = flags
        stream += gzip.member(
            ARCHIVE[number * step : (number + 1) * step],
            text=text,
            extra=b"ex\x02\0tr" if extra else None,
            name=b"name" if name else None,
            comment=b"a comment" if comment else None,
            header_crc="right" if header_crc else None,
        )
    return stream + gzip.member(ARCHIVE[32 * step :])


_FLATE2: Final = "flate2 before 1.0.27 refuses it"

_FIELDS: Final = (
    _case("text", "the flag FTEXT", lambda: gzip.member(ARCHIVE, text=True)),
    _case(
        "name",
        "an original name, FNAME",
        lambda: gzip.member(ARCHIVE, name=b"payload.tar"),
        origin=_WRITER,
    ),
    _case("name-empty", "an empty FNAME", lambda: gzip.member(ARCHIVE, name=b"")),
    _case(
        "name-bytes",
        "an FNAME of every byte but zero",
        lambda: gzip.member(ARCHIVE, name=bytes(range(1, 256))),
        why="a name is Latin-1 by the format and anything in practice; it is not to be decoded",
    ),
    _case(
        "name-long",
        "an FNAME of 1 MiB, over several chunks: accepted, or a failure",
        lambda: gzip.member(ARCHIVE, name=b"n" * (1 << 20)),
        why="the field has no limit, and a buffer for it must not have one in silence",
        may_fail=True,
    ),
    _case(
        "name-65535",
        "an FNAME of 65,535 bytes, as many as must be accepted",
        lambda: gzip.member(ARCHIVE, name=b"n" * 65535),
        why="a buffer for names is smaller than what every injector has to accept",
        others="Go refuses a name of 512 bytes or more",
    ),
    _case(
        "fields-65535",
        "FEXTRA, FNAME and FCOMMENT of 65,535 bytes together, a correct FHCRC behind them",
        lambda: gzip.member(
            ARCHIVE,
            extra=b"e" * 30000,
            name=b"n" * 20000,
            comment=b"c" * 15535,
            header_crc="right",
        ),
        why="a buffer for each field, or for all of them, is smaller than it must be",
        others="Go refuses a name of 512 bytes or more",
    ),
    _case(
        "name-path",
        "an FNAME that is a path out of the output directory",
        lambda: gzip.member(ARCHIVE, name=b"../../canary/file"),
        why="a decoder that restores the original name writes where the payload says",
        origin="CVE-2005-1228: gunzip -N",
    ),
    _case("comment", "a comment, FCOMMENT", lambda: gzip.member(ARCHIVE, comment=b"a comment\n")),
    _case("comment-empty", "an empty FCOMMENT", lambda: gzip.member(ARCHIVE, comment=b"")),
    _case("extra-empty", "FEXTRA of no bytes", lambda: gzip.member(ARCHIVE, extra=b"")),
    _case(
        "extra-subfields",
        "FEXTRA with two subfields",
        lambda: gzip.member(ARCHIVE, extra=b"BC\x02\0\xff\xffxx\x01\0y"),
        origin=_WRITER,
    ),
    _case(
        "extra-malformed",
        "FEXTRA that is no sequence of subfields",
        lambda: gzip.member(ARCHIVE, extra=b"\xff"),
        why="subfields concern whoever knows them; the length of the whole is XLEN's alone",
    ),
    _case(
        "extra-65535",
        "FEXTRA of 65,535 bytes, the most that it can hold",
        lambda: gzip.member(ARCHIVE, extra=b"\x1f\x8b\x08\0\0" * 13107),
        why="a length that is kept in a signed number of 16 bits is negative here",
    ),
    _case(
        "all-fields",
        "FEXTRA, FNAME and FCOMMENT together",
        lambda: gzip.member(ARCHIVE, text=True, extra=b"e", name=b"n", comment=b"c"),
        origin="catalogue Z02",
    ),
    _case(
        "crc",
        "a correct FHCRC",
        lambda: gzip.member(ARCHIVE, header_crc="right"),
        origin="catalogue Z03",
        others=_FLATE2,
    ),
    _case(
        "crc-over-all-fields",
        "a correct FHCRC behind all other fields",
        lambda: gzip.member(ARCHIVE, extra=b"e", name=b"n", comment=b"c", header_crc="right"),
        why="the sum covers every byte before it, zeros at the ends of names included",
        origin="catalogue Z03",
        others=_FLATE2,
    ),
    _case(
        "every-combination",
        "32 members, one for each combination of the five flags",
        _every_combination,
        control=in_members(*(number * _STEP for number in range(1, 33))),
        why="fields follow each other in one order only, and each of them may be missing",
    ),
)

_IGNORED: Final = (
    _case(
        "time-latest",
        "a modification time in 2106",
        lambda: gzip.member(ARCHIVE, mtime=0xFFFF_FFFF),
        why="a time that does not fit a signed number is no reason to stop",
    ),
    _case(
        "extra-flags", "unknown extra flags", lambda: gzip.member(ARCHIVE, xfl=0xFF), why=_UNUSED
    ),
    _case(
        "system-fat", "packed on FAT: system 0", lambda: gzip.member(ARCHIVE, os=0), why=_UNUSED
    ),
    _case(
        "system-unassigned",
        "a number of no operating system",
        lambda: gzip.member(ARCHIVE, os=200),
        why=_UNUSED,
    ),
)

CASES: Final = (*_FIELDS, *_IGNORED)

"""Features: what a payload is made of, in the words of other requirements than a case's own.

Nothing here judges. What is found ends at the first header that has a wrong checksum, or no size:
from there on nobody can tell what is a header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from injector_conformance.cases.archive import Gap, Member, has_prefix, read, records
from injector_conformance.cases.inflating import MAGIC, Inflation
from injector_fixtures.gzip import FCOMMENT, FEXTRA, FHCRC, FNAME
from injector_fixtures.tar import BLOCK, FIELDS

_ENOUGH: Final = 4 << 20
"""Bytes of an archive that are looked at."""

_FLAGS_PLACE: Final = 3
_BASE_256: Final = 0x80


class Feature(StrEnum):
    """Something that a payload can have, and that has a requirement of its own."""

    MEMBERS = "more than one gzip member"
    EXTRA = "FEXTRA"
    NAME = "FNAME"
    COMMENT = "FCOMMENT"
    HEADER_CRC = "FHCRC"
    WRONG_CRC = "a wrong CRC-32"
    WRONG_LENGTH = "a wrong ISIZE"
    NO_TRAILER = "no trailer, or a part of one"
    CUT_STREAM = "a stream that is cut off"
    BAD_BLOCK = "a block of type 3"
    BAD_LENGTH = "a stored block whose lengths do not agree"
    BAD_DISTANCE = "a match that reaches back too far"
    WRONG_FIRST_SUM = "a wrong checksum of the first header"
    WRONG_SUM = "a wrong checksum of a later header"
    CUT_ARCHIVE = "an archive that is cut off in a member"
    V7 = "a header without a magic"
    PREFIX = "a ustar prefix"
    OLD_FILE = "a file of type NUL"
    CONTIGUOUS = "a file of type 7"
    HARD_LINK = "a hard link"
    SYMBOLIC_LINK = "a symbolic link"
    BASE_256 = "a size in base 256"
    GLOBAL = "a global header"
    PAX_PATH = "a path in an extended header"
    PAX_LINK = "a link's target in an extended header"
    PAX_SIZE = "a size in an extended header"
    GNU_NAME = "a GNU long name"
    GNU_LINK = "a GNU long link text"
    NO_PARENT = "a file whose directory is not listed"
    REPEATED = "a name that comes again"


_FLAGS: Final = {
    FHCRC: Feature.HEADER_CRC,
    FEXTRA: Feature.EXTRA,
    FNAME: Feature.NAME,
    FCOMMENT: Feature.COMMENT,
}
_DEFECTS: Final = {
    "CRC-32 is wrong": Feature.WRONG_CRC,
    "its length says": Feature.WRONG_LENGTH,
    "of its trailer": Feature.NO_TRAILER,
    "ends amid": Feature.CUT_STREAM,
    "invalid block type": Feature.BAD_BLOCK,
    "invalid stored block lengths": Feature.BAD_LENGTH,
    "too far back": Feature.BAD_DISTANCE,
}
"""By what is told of a gzip member."""

_TYPES: Final = {
    b"\0": Feature.OLD_FILE,
    b"1": Feature.HARD_LINK,
    b"2": Feature.SYMBOLIC_LINK,
    b"7": Feature.CONTIGUOUS,
    b"g": Feature.GLOBAL,
    b"L": Feature.GNU_NAME,
    b"K": Feature.GNU_LINK,
}
_KEYS: Final = {
    b"path": Feature.PAX_PATH,
    b"linkpath": Feature.PAX_LINK,
    b"size": Feature.PAX_SIZE,
}
_EXTENDED: Final = b"xgLK"
_WRONG_SUM: Final = "checksum is wrong"
_CUT: Final = "bytes of its data are there"


def features(payload: bytes) -> frozenset[Feature]:
    """All that is found in a payload."""
    inflation = Inflation(payload, _ENOUGH)
    pieces = iter(inflation)
    found = set(_of_archive(read(pieces)))
    for _ in pieces:
        pass  # behind what can be told of the archive, the stream goes on
    members = [one for one in inflation.parts if payload.startswith(MAGIC, one.offset)]
    for member in members:
        place = member.offset + _FLAGS_PLACE
        flags = int.from_bytes(payload[place : place + 1], "little")
        found.update(one for bit, one in _FLAGS.items() if flags & bit)
        for fault in member.faults:
            found.update(one for words, one in _DEFECTS.items() if words in fault)
    if len(members) > 1:
        found.add(Feature.MEMBERS)
    # What the stream has lost, or what was not looked at, is not missing in the archive.
    if inflation.is_cut or any(one.faults for one in members):
        found.discard(Feature.CUT_ARCHIVE)
    return frozenset(found)


def _of_archive(items: Iterable[Member | Gap]) -> Iterator[Feature]:
    names: set[bytes] = set()
    keys: set[bytes] = set()
    for item in items:
        if isinstance(item, Gap):
            if item.size % BLOCK and not item.is_zero:
                yield Feature.CUT_ARCHIVE
            return
        if _WRONG_SUM in item.faults:
            yield Feature.WRONG_SUM if item.offset else Feature.WRONG_FIRST_SUM
            return
        yield from _of_header(item.header)
        if item.typeflag == b"x":
            keys.update(key for key, _ in records(item.data))
        elif item.typeflag not in _EXTENDED:
            yield from _of_name(_plain(item.name), names)
            yield from (_KEYS[key] for key in keys & _KEYS.keys())
            keys.clear()
        if any(_CUT in fault for fault in item.faults):
            yield Feature.CUT_ARCHIVE
        if item.size is None:
            return


def _of_header(header: bytes) -> Iterator[Feature]:
    kind, magic = _field(header, "typeflag"), _field(header, "magic")
    if kind in _TYPES:
        yield _TYPES[kind]
    if not magic.startswith(b"ustar"):
        yield Feature.V7
    elif has_prefix(header) and any(_field(header, "prefix")[:1]) and kind not in _EXTENDED:
        yield Feature.PREFIX
    if _field(header, "size")[0] & _BASE_256:
        yield Feature.BASE_256


def _of_name(name: bytes, names: set[bytes]) -> Iterator[Feature]:
    """What is odd about a name behind others, to which it is added."""
    parent = name.rpartition(b"/")[0]
    if parent and parent not in names:
        yield Feature.NO_PARENT
    if name in names:
        yield Feature.REPEATED
    names.add(name)


def _field(header: bytes, name: str) -> bytes:
    start, width = FIELDS[name]
    return header[start : start + width]


def _plain(name: bytes) -> bytes:
    """A name without what makes no difference to it."""
    return b"/".join(one for one in name.split(b"/") if one not in (b"", b"."))

"""Features: what a payload is made of, as far as it can be told from bytes that may be damaged.

Nothing here judges: the walk goes on as long as it can be told where the next header lies, and
takes everything else at its word.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_BLOCK: Final = 512
_MAGIC: Final = 257
_ENOUGH: Final = 4 << 20
"""Bytes of an archive that are looked at."""

_RECORDS: Final = 2 << 20
"""Bytes of an extended header that are looked at."""


_MOST_DIGITS: Final = 20


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
    0x02: Feature.HEADER_CRC,
    0x04: Feature.EXTRA,
    0x08: Feature.NAME,
    0x10: Feature.COMMENT,
}
_DEFECTS: Final = {
    "data check": Feature.WRONG_CRC,
    "length check": Feature.WRONG_LENGTH,
    "block type": Feature.BAD_BLOCK,
    "stored block lengths": Feature.BAD_LENGTH,
    "too far back": Feature.BAD_DISTANCE,
}
"""By zlib's words for them."""

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
_WITHOUT_DATA: Final = b"123456"
_EXTENDED: Final = b"xgLK"


def features(payload: bytes) -> frozenset[Feature]:
    """All that is found in a payload."""
    found: set[Feature] = set()
    archive, is_whole = _decompressed(payload, found)
    names: set[bytes] = set()
    for member in _members(archive, found):
        found.update(_of_header(member.header))
        found.update(_KEYS[key] for key in member.overrides if key in _KEYS)
        parent = member.name.rpartition(b"/")[0]
        if parent and parent not in names:
            found.add(Feature.NO_PARENT)
        if member.name in names:
            found.add(Feature.REPEATED)
        names.add(member.name)
    # What the stream has lost is not the archive's fault.
    return frozenset(found if is_whole else found - {Feature.CUT_ARCHIVE})


def _decompressed(payload: bytes, found: set[Feature]) -> tuple[bytes, bool]:
    """The beginning of the archive, and whether it is not the stream that breaks off."""
    archive, members, is_whole = b"", 0, True
    while payload.startswith(b"\x1f\x8b") and len(archive) < _ENOUGH:
        flags = payload[3:4]
        found.update(one for bit, one in _FLAGS.items() if flags and flags[0] & bit)
        decoder = zlib.decompressobj(31)
        try:
            # In steps: what comes before a defect is part of the archive all the same.
            for at in range(0, len(payload), _BLOCK):
                archive += decoder.decompress(payload[at : at + _BLOCK], _ENOUGH)
                while decoder.unconsumed_tail and len(archive) < _ENOUGH:
                    archive += decoder.decompress(decoder.unconsumed_tail, _ENOUGH)
                if decoder.eof or len(archive) >= _ENOUGH:
                    payload = decoder.unused_data + payload[at + _BLOCK :]
                    break
        except zlib.error as error:
            found.update(one for words, one in _DEFECTS.items() if words in str(error))
            is_whole = False
            break
        members += 1
        if not decoder.eof:
            if len(archive) < _ENOUGH:
                found.add(_how_cut(decoder))
                is_whole = False
            break
    if members > 1:
        found.add(Feature.MEMBERS)
    return archive, is_whole


def _how_cut(decoder: zlib._Decompress) -> Feature:
    """Whether a stream that has no end lacks more than its trailer."""
    try:
        decoder.decompress(b"\xff" * 8)
    except zlib.error as error:
        if "check" in str(error):
            return Feature.NO_TRAILER
    return Feature.CUT_STREAM


@dataclass(frozen=True, slots=True)
class _Member:
    """A header, what the extended headers before it say, and the name that it has by both."""

    header: bytes
    overrides: Mapping[bytes, bytes]
    name: bytes


def _members(archive: bytes, found: set[Feature]) -> Iterator[_Member]:
    """The members, those that name others among them."""
    place = 0
    overrides: dict[bytes, bytes] = {}
    while place < len(archive) and any(archive[place : place + _BLOCK]):
        header = archive[place : place + _BLOCK]
        if len(header) < _BLOCK:
            found.add(Feature.CUT_ARCHIVE)
            return
        if not _has_right_sum(header):
            # Without the magic it need not be meant as a header at all.
            if header.startswith(b"ustar", _MAGIC):
                found.add(Feature.WRONG_SUM if place else Feature.WRONG_FIRST_SUM)
            return
        kind = header[156:157]
        is_extended = kind in _EXTENDED
        name = overrides.get(b"path") or overrides.get(b"L") or _name(header)
        said = {} if is_extended else overrides
        yield _Member(header, said, b"" if is_extended else _plain(name))
        size = 0 if kind in _WITHOUT_DATA else _size(header, said)
        if size is None:
            return
        place += _BLOCK
        data = archive[place : place + min(size, _RECORDS)]
        place += -(-size // _BLOCK) * _BLOCK
        if place > len(archive) and len(archive) < _ENOUGH:
            found.add(Feature.CUT_ARCHIVE)
        if kind == b"x":
            overrides |= dict(_records(data))
        elif is_extended:
            overrides[kind] = data.rstrip(b"\0")
        else:
            overrides = {}


def _of_header(header: bytes) -> Iterator[Feature]:
    kind = header[156:157]
    if kind in _TYPES:
        yield _TYPES[kind]
    if not header.startswith(b"ustar", _MAGIC):
        yield Feature.V7
    elif header.startswith(b"ustar\0", _MAGIC) and header[345] and kind not in _EXTENDED:
        yield Feature.PREFIX
    if header[124] & 0x80:
        yield Feature.BASE_256


def _has_right_sum(header: bytes) -> bool:
    """Whether the checksum is that of the bytes, be they signed or not."""
    unsigned = sum(header) - sum(header[148:156]) + 8 * ord(" ")
    signed = unsigned - 256 * sum(byte >> 7 for byte in header[:148] + header[156:])
    return _octal(header[148:156]) in (unsigned, signed)


def _records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of pax records, as far as they can be read."""
    place = 0
    while place < len(data):
        digits = data[place : place + _MOST_DIGITS].partition(b" ")[0]
        if not digits.isdigit() or int(digits) <= len(digits):
            return
        end = place + int(digits)
        key, equals, value = data[place + len(digits) + 1 : end - 1].partition(b"=")
        if equals:
            yield key, value
        place = end


def _size(header: bytes, overrides: Mapping[bytes, bytes]) -> int | None:
    """Bytes of data behind a header; None if it is no number, or a negative one."""
    said = overrides.get(b"size")
    if said is not None:
        return int(said) if said.isdigit() and len(said) < _MOST_DIGITS else None
    field = header[124:136]
    if field[0] & 0x80:
        return None if field[0] & 0x40 else int.from_bytes(field[1:], "big")
    return _octal(field)


def _octal(field: bytes) -> int | None:
    digits = field.strip(b"\0 ")
    return int(digits, 8) if digits and set(digits) <= set(b"01234567") else None


def _name(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0]
    return prefix + b"/" + name if prefix and header.startswith(b"ustar\0", _MAGIC) else name


def _plain(name: bytes) -> bytes:
    """A name without what makes no difference to it."""
    return b"/".join(one for one in name.split(b"/") if one not in (b"", b"."))

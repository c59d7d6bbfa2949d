"""What a valid payload is made of: which promises it takes to complete it.

A positive control is mostly a small archive of plain files; whoever does not complete it breaks
TAR-2. Where it holds something more, that is likelier to be what the subject does not read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

_BLOCK: Final = 512
_ENOUGH: Final = 1 << 20
"""Bytes of an archive that are looked at."""

_MAGIC: Final = slice(257, 263)
_SIZE: Final = slice(124, 136)
_FIELDS: Final = 0x16
"""Flags of a gzip header for its optional fields; FNAME is none of them: gzip writes it."""

PLAIN: Final = "TAR-2"


def needs(payload: bytes) -> tuple[str, ...]:
    """The requirements that speak of what is odd about a valid payload, or TAR-2."""
    archive, members = _decompressed(payload)
    found = dict.fromkeys(_of_stream(payload, members))
    for header in _headers(archive):
        found |= dict.fromkeys(_of_header(header))
    return tuple(found) or (PLAIN,)


def _of_stream(payload: bytes, members: int) -> Iterator[str]:
    if members > 1:
        yield "GZ-3"
    if payload[3:4] and payload[3] & _FIELDS:
        yield "GZ-2"


def _of_header(header: bytes) -> Iterator[str]:
    kind, name = header[156:157], header[:100].rstrip(b"\0")
    if kind not in b"01257\0" or header[_MAGIC] != b"ustar\0":
        yield "TAR-1"
    if kind in b"12":
        yield "TAR-7"
    if not name.isascii():
        yield "TAR-13"


def _decompressed(payload: bytes) -> tuple[bytes, int]:
    """The beginning of the archive, and the number of gzip members that it took."""
    archive, members = b"", 0
    while payload and len(archive) < _ENOUGH:
        decoder = zlib.decompressobj(31)
        try:
            archive += decoder.decompress(payload, _ENOUGH)
        except zlib.error:
            break
        members += 1
        payload = decoder.unused_data
    return archive, members


def _headers(archive: bytes) -> Iterator[bytes]:
    """The headers that a plain walk from size to size finds."""
    place = 0
    while place + _BLOCK <= len(archive) and any(archive[place : place + _BLOCK]):
        header = archive[place : place + _BLOCK]
        yield header
        digits = header[_SIZE].strip(b" \0")
        if not digits.isdigit():
            return
        place += _BLOCK + -(-int(digits, 8) // _BLOCK) * _BLOCK

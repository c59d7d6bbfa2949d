"""What the native decompressor must make of a stream, by zlib."""

from __future__ import annotations

import zlib

GZIP_WINDOW = 31


def decompressed(stream: bytes) -> bytes | None:
    """The bytes of all members joined; None if the stream must be rejected.

    zlib judges each member; what lies between and behind them is judged here (GZ-3, GZ-7, GZ-7a):
    another member, or zeros up to the end.
    """
    output = b""
    rest = stream
    while True:
        member = zlib.decompressobj(GZIP_WINDOW)
        try:
            output += member.decompress(rest)
        except zlib.error:
            return None
        if not member.eof:
            return None
        rest = member.unused_data
        if not rest.strip(b"\0"):
            return output
        if rest[0] == 0:
            return None

"""A gzip stream as far as it goes: its members, and what is wrong where.

It tells what a payload is made of, and judges nothing: what is broken is told, and read on.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final

from injector_fixtures.gzip import FCOMMENT, FEXTRA, FHCRC, FNAME

MAGIC: Final = b"\x1f\x8b"

_HEADER: Final = 10
_METHOD: Final = 2
_FLAGS: Final = 3
_DEFLATE: Final = 8
_RESERVED: Final = 0xE0
_TRAILER: Final = 8
_SLICE: Final = 1 << 12
"""Bytes that are inflated at once: 4 MiB at the most come of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A gzip member, or what stands in its place.

    Attributes:
        offset: where in the payload it begins.
        size: bytes of the payload that it takes.
        content: bytes that came out of it.
        faults: what is wrong with it, in words.
    """

    offset: int
    size: int
    content: int
    faults: tuple[str, ...] = ()


class Inflation:
    """What comes out of a payload, piece by piece; ``parts`` is whole after the last piece.

    A payload that is no gzip stream has no parts, and nothing comes out of it.
    """

    def __init__(self, payload: bytes, most: int) -> None:
        """Nothing is inflated yet; ``most`` bytes may come out."""
        self._payload = memoryview(payload)
        self._left = most
        self.parts: list[Part] = []
        self.is_cut = False
        """Whether it was given up because more than ``most`` bytes come out."""

    def __iter__(self) -> Iterator[bytes]:
        """The content. To be read once."""
        at = 0
        while at < len(self._payload) and not self.is_cut:
            if bytes(self._payload[at : at + len(MAGIC)]) != MAGIC:
                if self.parts:
                    rest = len(self._payload) - at
                    self.parts.append(Part(at, rest, 0, ("no gzip member",)))
                return
            at = yield from self._member(at)

    def _member(self, start: int) -> Generator[bytes, None, int]:
        """One member's content; where it ends is returned."""
        at, faults = self._after_header(start)
        decoder, crc, size = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
        while not decoder.eof and at < len(self._payload) and not self.is_cut:
            data, at, fault = self._slice(decoder, at)
            data = data[: self._left]
            self._left -= len(data)
            crc, size = zlib.crc32(data, crc), size + len(data)
            if data:
                yield data
            if fault:
                faults.append(fault)
                at = len(self._payload)
                break
            self.is_cut = self._left == 0
        # Of a member that was given up nobody knows whether its trailer fits.
        if decoder.eof and not self.is_cut:
            faults += self._trailer_faults(at, crc, size)
            at = min(at + _TRAILER, len(self._payload))
        elif not faults and not self.is_cut:
            faults.append("ends amid the compressed data")
        self.parts.append(Part(start, at - start, size, tuple(faults)))
        return at

    def _slice(self, decoder: zlib._Decompress, at: int) -> tuple[bytes, int, str]:
        """What comes of the next bytes, where it ends, and the fault that ended it, if any.

        An error loses what its call had inflated: such a slice is given byte by byte.
        """
        piece = self._payload[at : at + _SLICE]
        before = decoder.copy()
        try:
            data = decoder.decompress(piece)
            return data, at + len(piece) - len(decoder.unused_data), ""
        except zlib.error:
            pass
        found = bytearray()
        for place in range(at, at + len(piece)):
            try:
                found += before.decompress(self._payload[place : place + 1])
            except zlib.error as error:
                reason = str(error).rpartition(": ")[2]
                return bytes(found), place, f"at byte {place:,}: {reason}"
        return bytes(found), at + len(piece), ""

    def _after_header(self, start: int) -> tuple[int, list[str]]:
        """Where the compressed data begins, and what is odd about the header."""
        head = bytes(self._payload[start : start + _HEADER])
        if len(head) < _HEADER:
            return len(self._payload), ["ends amid the header"]
        faults, flags, at = [], head[_FLAGS], start + _HEADER
        if head[_METHOD] != _DEFLATE:
            faults.append(f"method {head[_METHOD]}")
        if flags & _RESERVED:
            faults.append(f"reserved flags {flags & _RESERVED:#04x}")
        if flags & FEXTRA:
            at += 2 + int.from_bytes(self._payload[at : at + 2], "little")
        for flag in (FNAME, FCOMMENT):
            if flags & flag:
                at = self._after_text(at)
        if flags & FHCRC:
            found = bytes(self._payload[at : at + 2])
            right = zlib.crc32(self._payload[start:at]) & 0xFFFF
            if found != right.to_bytes(2, "little"):
                faults.append("the header's checksum is wrong")
            at += 2
        return min(at, len(self._payload)), faults

    def _after_text(self, at: int) -> int:
        while at < len(self._payload) and self._payload[at]:
            at += 1
        return at + 1

    def _trailer_faults(self, at: int, crc: int, size: int) -> Iterator[str]:
        found = bytes(self._payload[at : at + _TRAILER])
        if len(found) < _TRAILER:
            yield f"ends after {len(found)} of {_TRAILER} bytes of its trailer"
            return
        if found[:4] != crc.to_bytes(4, "little"):
            yield "CRC-32 is wrong"
        if found[4:] != (size % (1 << 32)).to_bytes(4, "little"):
            yield f"its length says {int.from_bytes(found[4:], 'little'):,} bytes"

"""Reads a disk image in QEMU's qcow2 format, version 3, with zlib-compressed clusters.

Source: QEMU, docs/interop/qcow2.rst. Only what a self-contained, read-only image needs: no backing
file, no encryption, no extended L2 entries, no external data file.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import BinaryIO, Final

from injector_conformance.images.errors import ImageError

MAGIC: Final = 0x514649FB
VERSION: Final = 3
HEADER: Final = struct.Struct(">IIQIIQIIQQIIQQQQII")
DIRTY: Final = 1 << 0
"""The one incompatible feature that a reader may overlook: reference counts may be stale."""
OFFSET: Final = 0x00FFFFFFFFFFFE00
COMPRESSED: Final = 1 << 62
ALL_ZEROES: Final = 1
SECTOR: Final = 512


class DiskImage:
    """The guest's disk as a flat sequence of bytes."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the header.

        Args:
            file: the image, open for reading; it stays the caller's.

        Raises:
            ImageError: the file is not an image of this kind.
        """
        self._file = file
        raw = self._file.read(HEADER.size)
        if len(raw) < HEADER.size:
            raise ImageError("too short for a qcow2 header")
        magic, version, backing, _, bits, size, encryption, l1_count, l1_offset, *rest = (
            HEADER.unpack(raw)
        )
        incompatible = rest[4]
        if magic != MAGIC or version != VERSION:
            raise ImageError("not a qcow2 image of version 3")
        if backing or encryption or incompatible & ~DIRTY:
            raise ImageError("qcow2 features that this reader does not know")
        self.size: int = size
        self._cluster_bits: int = bits
        self._cluster_size = 1 << bits
        self._file.seek(l1_offset)
        self._l1 = struct.unpack(f">{l1_count}Q", self._file.read(8 * l1_count))
        self._l2_table = lru_cache(maxsize=64)(self._read_l2_table)
        self._cluster = lru_cache(maxsize=64)(self._read_cluster)

    def read(self, offset: int, length: int) -> bytes:
        """The guest's ``length`` bytes from ``offset``.

        Raises:
            ImageError: the range ends beyond the disk, or the image is damaged.
        """
        if offset < 0 or offset + length > self.size:
            raise ImageError(f"byte {offset + length} lies beyond the disk")
        parts = []
        while length:
            number, within = divmod(offset, self._cluster_size)
            piece = self._cluster(number)[within : within + length]
            parts.append(piece)
            offset += len(piece)
            length -= len(piece)
        return b"".join(parts)

    def _read_l2_table(self, offset: int) -> tuple[int, ...]:
        self._file.seek(offset)
        return struct.unpack(f">{self._cluster_size // 8}Q", self._file.read(self._cluster_size))

    def _read_cluster(self, number: int) -> bytes:
        high, low = divmod(number, self._cluster_size // 8)
        table = self._l1[high] & OFFSET
        entry = self._l2_table(table)[low] if table else 0
        if entry & COMPRESSED:
            return self._inflate(entry)
        if entry & ALL_ZEROES or not entry & OFFSET:
            return bytes(self._cluster_size)
        self._file.seek(entry & OFFSET)
        return self._file.read(self._cluster_size).ljust(self._cluster_size, b"\0")

    def _inflate(self, entry: int) -> bytes:
        split = 62 - (self._cluster_bits - 8)
        offset = entry & ((1 << split) - 1)
        sectors = (entry >> split & ((1 << (62 - split)) - 1)) + 1
        self._file.seek(offset)
        raw = self._file.read(sectors * SECTOR - offset % SECTOR)
        try:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, self._cluster_size)
        except zlib.error as error:
            raise ImageError(f"damaged cluster at {offset}: {error}") from error
        if len(data) != self._cluster_size:
            raise ImageError(f"short cluster at {offset}")
        return data

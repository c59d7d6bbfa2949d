"""Reads an ext4 file system from a disk image: the tree, with owners, modes, links and contents.

Source: Linux, Documentation/filesystems/ext4. Only files mapped by extents, which is what every
``mkfs.ext4`` of the last decade makes; a file system with other layouts is refused by name.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from injector_conformance.images.errors import ImageError

SUPERBLOCK_OFFSET: Final = 1024
SUPERBLOCK_SIZE: Final = 1024
MAGIC: Final = 0xEF53
ROOT_INODE: Final = 2
FILETYPE, EXTENTS, WIDE, FLEX_GROUPS, CHECKSUM_SEED = 0x2, 0x40, 0x80, 0x200, 0x2000
KNOWN_FEATURES: Final = FILETYPE | EXTENTS | WIDE | FLEX_GROUPS | CHECKSUM_SEED
USES_EXTENTS: Final = 0x80000
EXTENT_MAGIC: Final = 0xF30A
UNINITIALISED: Final = 0x8000
"""Extents longer than this are allocated but read as zeroes."""
ENTRY_HEADER: Final = 8
FAST_SYMLINK: Final = 60
"""Link texts shorter than this lie in the inode itself."""


class Disk(Protocol):
    """Random access to the bytes that hold the file system."""

    def read(self, offset: int, length: int) -> bytes:
        """The ``length`` bytes from ``offset``."""
        ...


@dataclass(frozen=True, slots=True)
class Inode:
    """What an inode says: ``mode`` with the type's bits, ``size`` in bytes, ``mtime`` in s."""

    number: int
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    links: int
    flags: int
    block: bytes


class FileSystem:
    """One ext4 file system."""

    def __init__(self, disk: Disk) -> None:
        """Read the superblock and the group descriptors.

        Raises:
            ImageError: this is no ext4, or one with features that this reader does not know.
        """
        self._disk = disk
        superblock = disk.read(SUPERBLOCK_OFFSET, SUPERBLOCK_SIZE)
        (blocks,) = struct.unpack_from("<I", superblock, 4)
        first, log_size = struct.unpack_from("<II", superblock, 20)
        (per_group,) = struct.unpack_from("<I", superblock, 32)
        (self._inodes_per_group,) = struct.unpack_from("<I", superblock, 40)
        (magic,) = struct.unpack_from("<H", superblock, 56)
        (self._inode_size,) = struct.unpack_from("<H", superblock, 88)
        (features,) = struct.unpack_from("<I", superblock, 96)
        (descriptor_size,) = struct.unpack_from("<H", superblock, 254)
        if magic != MAGIC:
            raise ImageError("no ext4 file system at the start of the disk")
        if features & ~KNOWN_FEATURES or not features & EXTENTS:
            raise ImageError(f"ext4 with incompatible features {features:#x}")
        self._block_size = 1024 << log_size
        wide = bool(features & WIDE)
        step = descriptor_size if wide else 32
        groups = -(-(blocks - first) // per_group)
        table = disk.read((first + 1) * self._block_size, groups * step)
        self._inode_tables = []
        for index in range(groups):
            (low,) = struct.unpack_from("<I", table, index * step + 8)
            high = struct.unpack_from("<I", table, index * step + 40)[0] if wide else 0
            self._inode_tables.append(high << 32 | low)

    def walk(self) -> Iterator[tuple[bytes, Inode]]:
        """Every entry below the root as (path without a leading slash, inode), parents first."""
        pending = [(b"", self.inode(ROOT_INODE))]
        while pending:
            path, inode = pending.pop()
            if path:
                yield path, inode
            if stat.S_ISDIR(inode.mode):
                entries = sorted(self._entries(inode), reverse=True)
                prefix = path + b"/" if path else b""
                pending.extend((prefix + name, self.inode(number)) for name, number in entries)

    def inode(self, number: int) -> Inode:
        """The inode of that number."""
        group, index = divmod(number - 1, self._inodes_per_group)
        start = self._inode_tables[group] * self._block_size + index * self._inode_size
        raw = self._disk.read(start, 128)
        mode, uid, size, _, _, mtime, _, gid, links = struct.unpack_from("<HHIIIIIHH", raw)
        (flags,) = struct.unpack_from("<I", raw, 32)
        (size_high,) = struct.unpack_from("<I", raw, 108)
        uid_high, gid_high = struct.unpack_from("<HH", raw, 120)
        return Inode(
            number=number,
            mode=mode,
            uid=uid_high << 16 | uid,
            gid=gid_high << 16 | gid,
            size=size_high << 32 | size,
            mtime=mtime,
            links=links,
            flags=flags,
            block=raw[40:100],
        )

    def contents(self, inode: Inode) -> bytes:
        """The bytes of a regular file, of a directory's table, or a symbolic link's text."""
        if stat.S_ISLNK(inode.mode) and inode.size < FAST_SYMLINK:
            return inode.block[: inode.size]
        if not inode.flags & USES_EXTENTS:
            raise ImageError(f"inode {inode.number} is not mapped by extents")
        data = bytearray(-(-inode.size // self._block_size) * self._block_size)
        for logical, physical, count in self._extents(inode.block):
            start = logical * self._block_size
            piece = self._disk.read(physical * self._block_size, count * self._block_size)
            data[start : start + len(piece)] = piece
        return bytes(data[: inode.size])

    def _extents(self, node: bytes) -> Iterator[tuple[int, int, int]]:
        """(logical block, physical block, count) of every extent that holds data."""
        magic, entries, _, depth = struct.unpack_from("<HHHH", node)
        if magic != EXTENT_MAGIC:
            raise ImageError("damaged extent tree")
        for offset in range(12, 12 + 12 * entries, 12):
            if depth:
                _, low, high = struct.unpack_from("<IIH", node, offset)
                block = (high << 32 | low) * self._block_size
                yield from self._extents(self._disk.read(block, self._block_size))
                continue
            logical, count, high, low = struct.unpack_from("<IHHI", node, offset)
            if count <= UNINITIALISED:
                yield logical, high << 32 | low, count

    def _entries(self, directory: Inode) -> Iterator[tuple[bytes, int]]:
        table = self.contents(directory)
        offset = 0
        while offset < len(table):
            number, length, name_length = struct.unpack_from("<IHB", table, offset)
            if length < ENTRY_HEADER:
                raise ImageError(f"damaged directory, inode {directory.number}")
            name = table[offset + ENTRY_HEADER : offset + ENTRY_HEADER + name_length]
            if number and name not in (b".", b".."):
                yield name, number
            offset += length

"""Which kind of file system a directory lies on.

What a program takes for the same file it tells by inode numbers. A file system in memory never
uses a number again; those on disk give a new file the number of one that was just removed.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

_ROOM: Final = 256
"""More bytes than ``struct statfs`` has; the kind comes first in it."""

_KINDS: Final = {
    0xEF53: "ext4",
    0x58465342: "xfs",
    0x9123683E: "btrfs",
    0x794C7630: "overlay",
    0x01021994: "tmpfs",
    0x858458F6: "ramfs",
}
_IN_MEMORY: Final = ("tmpfs", "ramfs")


_DISK_TOO: Final = " (", " for cases on a disk)"
"""What stands around the name of a second file system in the description of two."""


def described(usual: str, disk: str) -> str:
    """Two kinds in words: that of most cases, and that of those which have to lie on a disk."""
    return disk.join((usual + _DISK_TOO[0], _DISK_TOO[1]))


def of_case(description: str, *, on_disk: bool) -> str:
    """The kind that a case lay on, from the words of :func:`described`, or from one kind alone."""
    usual, _, rest = description.partition(_DISK_TOO[0])
    disk = rest.removesuffix(_DISK_TOO[1])
    return disk if on_disk and disk else usual


def kind_of(directory: Path) -> str:
    """The name of its kind, or its number where that is not known here.

    Raises:
        OSError: there is no such directory.
    """
    found = ctypes.create_string_buffer(_ROOM)
    library = ctypes.CDLL(None, use_errno=True)
    if library.statfs(os.fsencode(directory), found):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(directory))
    magic = ctypes.c_ulong.from_buffer(found).value
    return _KINDS.get(magic, f"{magic:#x}")


def lies_on_disk(directory: Path) -> bool:
    """Whether a directory lies on anything but memory."""
    return kind_of(directory) not in _IN_MEMORY

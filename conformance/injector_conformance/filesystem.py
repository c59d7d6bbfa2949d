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

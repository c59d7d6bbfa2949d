"""Removing what subjects have left, whatever it is, and making directories as good as new."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

ATTRIBUTES: Final = ("user.", "trusted.", "security.capability", "system.posix_acl_")
"""Beginnings of the names of attributes that a program sets; security modules set others."""


def empty_directory(path: Path) -> None:
    """Make ``path`` an empty directory with ordinary mode, the same inode if it can."""
    if not path.is_dir() or path.is_symlink():
        remove(path)
        path.mkdir()
    clean(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _empty(descriptor)
    finally:
        os.close(descriptor)


def clean(path: Path) -> None:
    """Give a directory its ordinary mode, and no attribute that anybody could have set."""
    path.chmod(0o755)
    try:
        names = os.listxattr(path)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return
    for name in names:
        if name.startswith(ATTRIBUTES):
            os.removexattr(path, name)


def remove(path: Path) -> None:
    """Remove whatever is at ``path``, if anything; no tree is too deep or too closed for it."""
    try:
        is_directory = stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if not is_directory:
        path.unlink()
        return
    empty_directory(path)
    path.rmdir()


def _empty(top: int) -> None:
    """Remove everything below the open directory ``top``.

    Directories are emptied by moving their subdirectories up to ``top``, so that neither the depth
    of a tree nor the length of its paths matters, and two descriptors are enough.
    """
    serial = 0
    waiting = _unlink_files(top)
    while waiting:
        name = waiting.pop()
        directory = _opened(top, name)
        try:
            for child in _unlink_files(directory):
                os.close(_opened(directory, child))
                while True:
                    serial += 1
                    moved = b".removing-%d" % serial
                    try:
                        os.rename(child, moved, src_dir_fd=directory, dst_dir_fd=top)
                    except OSError as error:
                        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                            raise
                        continue
                    break
                waiting.append(moved)
        finally:
            os.close(directory)
        os.rmdir(name, dir_fd=top)


def _opened(above: int, name: bytes) -> int:
    """Open a directory whatever its mode; nothing but that very directory is opened or changed."""
    path = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    try:
        os.chmod(f"/proc/self/fd/{path}", 0o700)
        return os.open(f"/proc/self/fd/{path}", os.O_RDONLY | os.O_DIRECTORY)
    finally:
        os.close(path)


def _unlink_files(directory: int) -> list[bytes]:
    """Remove all but the directories of an open directory; their names are returned."""
    folders = []
    with os.scandir(directory) as entries:
        for entry in list(entries):
            name = os.fsencode(entry.name)
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            else:
                os.unlink(name, dir_fd=directory)
    return folders

"""What a subject needs of the host, where it is closed to others: copied, and opened.

The ids of a box are nobody's outside of it. A checkout that was made under umask 077 can be read
by its owner alone, and so by no subject.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.place import INSIDE, Place

MOST: Final = 512 << 20
"""Bytes that are copied at most."""

_READ: Final = 0o444
_ENTER: Final = 0o555


def sources(paths: Sequence[Path], work: Path | Place) -> tuple[Path, ...]:
    """Where each of the paths is to be taken from: from where it lies, or from an opened copy.

    Args:
        paths: of the host.
        work: the place's own directory; copies go there.

    Raises:
        SandboxError: what would have to be copied is too much.
    """
    return tuple(_source(number, path, work) for number, path in enumerate(paths))


def _source(number: int, path: Path, work: Path | Place) -> Path:
    if not _is_closed(path):
        return path
    if _size(path) > MOST:
        raise SandboxError(
            f"{path} is closed to other users, and so to the pod's user: chmod -R go+rX {path}"
        )
    name = f"opened-{number}"
    _copy(path, work / name)
    # The launcher sees the host below one directory, and the place beside it.
    return Path(f"/..{INSIDE}/{name}")


def _is_closed(path: Path) -> bool:
    """Whether others cannot use a path, or something that lies directly in it."""
    found = path.stat()
    if not stat.S_ISDIR(found.st_mode):
        return _lacks(found)
    if _lacks(found):
        return True
    with os.scandir(path) as entries:
        return any(
            _lacks(entry.stat(follow_symlinks=False))
            for entry in entries
            if not entry.is_symlink()
        )


def _lacks(found: os.stat_result) -> bool:
    """Whether the owner may read or execute something that others may not."""
    mode = found.st_mode
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        return False
    return bool((mode >> 6 & 0o5) & ~(mode & 0o7))


def _size(path: Path) -> int:
    """Bytes of all files; the count ends where it is too many."""
    total = path.lstat().st_size
    for folder, _, files in os.walk(path):
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in files)
        if total > MOST:
            break
    return total


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a tree, and let everybody read what its owner may read."""
    if not source.is_dir():
        shutil.copyfile(source, target)
        target.chmod(_opened(source.stat().st_mode))
        return
    shutil.copytree(source, target, symlinks=True, ignore=_special)
    for folder, _, files in os.walk(target):
        os.chmod(folder, _ENTER | stat.S_IWUSR)
        for name in files:
            path = os.path.join(folder, name)
            found = os.lstat(path)
            if stat.S_ISREG(found.st_mode):
                os.chmod(path, _opened(found.st_mode))


def _opened(mode: int) -> int:
    """Permission bits that give everybody what the owner has, but for writing."""
    may_execute = bool(mode & stat.S_IXUSR)
    return _READ | (0o111 if may_execute else 0)


def _special(folder: str, names: Sequence[str]) -> list[str]:
    """What is neither file, directory nor link: nobody needs it there."""
    return [
        name
        for name in names
        if not (
            stat.S_ISREG(mode := os.lstat(os.path.join(folder, name)).st_mode)
            or stat.S_ISDIR(mode)
            or stat.S_ISLNK(mode)
        )
    ]

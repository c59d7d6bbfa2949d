"""Where stages lie: a directory in memory if there is room, and nothing of it is left behind.

Cases make and remove many files within seconds. File systems on disk are slow at that: ext4, for
one, looks for inodes that were not in use a moment ago.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from injector_conformance.stage import remove

_PREFIX: Final = "injector-conformance-"
_LOCK: Final = "lock"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a name of our own in it, by mkdtemp
"""Where Linux has a file system in memory for everybody."""

_ROOM: Final = 2 << 30
"""Bytes that all stages together may take, with room to spare."""

_RESERVE: Final = 1 << 30
"""Bytes of memory that stay free even if a subject fills all that it may."""

_KIBIBYTE: Final = 1024


@contextmanager
def opened(*, in_memory: bool, most: int) -> Iterator[Path]:
    """Make a directory that every user may enter; it is removed at the end.

    What killed predecessors have left is removed first. Whoever sets ``TMPDIR`` chooses the place.

    Args:
        in_memory: whether it may lie in memory.
        most: bytes that a subject may write before it is stopped.
    """
    parent = Path(tempfile.gettempdir())
    if in_memory and "TMPDIR" not in os.environ and _suits(MEMORY, most):
        parent = MEMORY
    _sweep(parent)
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    work.chmod(0o755)
    lock = _locked(work)
    try:
        yield work
    finally:
        remove(work)
        os.close(lock)


def _suits(place: Path, most: int) -> bool:
    """Whether a file system in memory is one that stages can lie on, and memory is to be had."""
    try:
        found = os.statvfs(place)
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    sizes = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
    free = found.f_bavail * found.f_frsize
    available = sizes.get("MemAvailable", 0) * _KIBIBYTE
    is_usable = not found.f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
    has_room = free >= _ROOM and available >= min(free, most) + _RESERVE
    return is_usable and has_room and _has_attributes(place)


def _has_attributes(place: Path) -> bool:
    """Whether files can have attributes of their users' own, which some archives try to set."""
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            os.setxattr(file.fileno(), "user.injector", b"")
    except OSError:
        return False
    return True


def _locked(work: Path) -> int:
    """Take the directory's lock, which is given up with this process.

    It gets its name when it is taken, so that nobody finds it free in between.
    """
    fresh = work / f"{_LOCK}-fresh"
    descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    fresh.rename(work / _LOCK)
    return descriptor


def _sweep(parent: Path) -> None:
    """Remove directories of ours whose owner is gone."""
    for work in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if work.lstat().st_uid == os.geteuid():
                _remove_if_free(work)


def _remove_if_free(work: Path) -> None:
    descriptor = os.open(work / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove(work)
    finally:
        os.close(descriptor)

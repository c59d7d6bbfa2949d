"""Where stages lie: in memory if there is room, and nothing of it is left behind.

Cases make and remove many files within seconds. File systems on disk are slow at that: ext4, for
one, looks for inodes that were not in use a moment ago.

A private place is seen by this process, its copies and its sandboxes alone (``sandbox/place.py``).
The directory that is made where others have to see it, or where the disk is wanted, is closed to
all other users.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from injector_conformance.host import aftermath, interruption
from injector_conformance.host.filesystem import lies_on_disk
from injector_conformance.host.removal import remove
from injector_conformance.sandbox import SandboxError, place
from injector_conformance.sandbox.place import Place

_PREFIX: Final = "injector-conformance-"
_LOCK: Final = "lock"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a name of our own in it, by mkdtemp
"""Where Linux has a file system in memory for everybody."""

_DISK: Final = Path("/var/tmp")  # noqa: S108 - as above
"""Where files of everybody's survive a restart: on a disk, wherever there is one."""

_ROOM: Final = 2 << 30
"""Bytes that all stages together may take beside what a subject may write."""

_FILES: Final = 1 << 20
"""Files and directories that there may be, all stages together."""

_RESERVE: Final = 1 << 30
"""Bytes of memory that stay free even if a subject fills all that it may."""

_KIBIBYTE: Final = 1024


@contextmanager
def opened(*, in_memory: bool, most: int, is_private: bool = False) -> Iterator[Place | Path]:
    """Make a place for stages; it is removed at the end.

    What killed predecessors have left is removed first. Whoever sets ``TMPDIR`` chooses the place.

    Args:
        in_memory: whether it may lie in memory.
        most: bytes that a subject may write before it is stopped.
        is_private: whether only this process and its copies have to see it; what it is then is a
            :class:`Place`.

    Raises:
        SandboxError: there is no place where a subject could run.
    """
    with ExitStack() as stack:
        if is_private and in_memory and "TMPDIR" not in os.environ and _has_memory(most):
            memory = stack.enter_context(place.in_memory(most + _ROOM, _FILES))
            if _has_attributes(memory.path):
                yield memory
                return
        work = stack.enter_context(_directory(Path(tempfile.gettempdir())))
        yield stack.enter_context(_around(work)) if is_private else work


@contextmanager
def on_disk(*, is_private: bool) -> Iterator[Place | Path | None]:
    """Make a place for stages on a disk, removed at the end; None where there is no disk.

    Args:
        is_private: as for :func:`opened`.

    Raises:
        SandboxError: there is a disk, and the place cannot be made.
    """
    for parent in (Path(tempfile.gettempdir()), _DISK):
        if parent.is_dir() and _is_disk(parent):
            with ExitStack() as stack:
                work = stack.enter_context(_directory(parent))
                yield stack.enter_context(_around(work)) if is_private else work
            return
    yield None


@contextmanager
def _around(work: Path) -> Iterator[Place]:
    """A private place in a directory that is closed to others, but open to those who are in it."""
    inside = work / "place"
    inside.mkdir(mode=0o755)
    inside.chmod(0o755)
    with place.around(inside) as made:
        yield made


def _is_disk(parent: Path) -> bool:
    is_closed = os.statvfs(parent).f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
    return lies_on_disk(parent) and not is_closed and os.access(parent, os.W_OK)


@contextmanager
def _directory(parent: Path) -> Iterator[Path]:
    if os.statvfs(parent).f_flag & os.ST_NOEXEC:
        raise SandboxError(
            f"programs cannot be executed in {parent}, which is mounted noexec: set TMPDIR to a"
            " directory where they can"
        )
    _sweep(parent)
    with ExitStack() as stack:
        with interruption.deferred():
            work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
            stack.callback(_remove_own, work, _locked(work))
        stack.enter_context(aftermath.arranged(aftermath.DIRECTORY, str(work)))
        yield work


def _remove_own(work: Path, lock: int) -> None:
    """Remove a directory of this process's, whole, even if it is interrupted meanwhile."""
    with interruption.deferred():
        remove(work)
        os.close(lock)


def _has_memory(most: int) -> bool:
    """Whether there is so much memory to be had, and some to spare."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    sizes = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
    return sizes.get("MemAvailable", 0) * _KIBIBYTE >= most + _RESERVE


def _has_attributes(directory: Path) -> bool:
    """Whether files can have attributes of their users' own, which some archives try to set."""
    try:
        with tempfile.TemporaryFile(dir=directory) as file:
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

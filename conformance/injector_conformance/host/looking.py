"""Looking at a directory that somebody hostile has filled: without following, and within a budget.

No link is followed, nothing is opened that is no regular file and no directory, and what is closed
gets its mode back. A look that would cost more than its :class:`Budget` ends early and says why.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from injector_fixtures.tree import Directory, Entry, Regular, Special, Symlink

Inode = tuple[int, int]
"""Device and inode number."""

_Closed = list[tuple[int | None, bytes, int]]
"""What had to be opened: an anchor, the way from there, and the mode that was found."""

_KINDS: Final = {
    stat.S_IFIFO: "fifo",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
    stat.S_IFSOCK: "socket",
}
_ANCHOR_LENGTH: Final = 2048
"""Bytes of a relative path beyond which the walk goes on from a new descriptor (PATH_MAX 4096)."""

_HASH_BLOCK: Final = 1 << 20

_SETTABLE: Final = ("user.", "security.capability", "system.posix_acl_")
"""Beginnings of attribute names that count; security modules set others on every file."""


class TooMuch(Exception):  # noqa: N818 - an answer, not an error of the walk
    """The budget is used up; the message says which part of it, in words for a report."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a look may cost. Every case's own tree stays below a quarter of it.

    Attributes:
        entries: objects.
        content: bytes of all files together, as their sizes say; holes count, because they are
            read like data.
        names: bytes of all paths and link targets together: deep trees of long names grow with the
            square of their depth.
        anchors: descriptors that are held open for paths longer than {PATH_MAX}.
        seconds: wall time.
    """

    entries: int = 200_000
    content: int = 1 << 30
    names: int = 64 << 20
    anchors: int = 400
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of one file system object: equal prints mean that nothing changed.

    ``attributes`` are the names of the extended attributes of a file or directory that an archive
    could have set (TAR-15), access control lists among them.
    """

    entry: Entry
    user: int
    group: int
    links: int
    modified: int
    inode: Inode
    attributes: tuple[str, ...] = ()


class Walk:
    """A walk through a tree of any depth, from few descriptors.

    What is closed is opened on the way and gets its mode back: a case about a file that may not be
    read would mean nothing if looking at it opened it.
    """

    def __init__(
        self, contents: bool, budget: Budget, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin; ``contents`` is whether files and attributes are read."""
        self.prints: dict[bytes, Print] = {}
        self._contents = contents
        self._budget = budget
        self._clock = clock
        self._end = clock() + budget.seconds
        self._names = 0
        self._content = 0
        self._digests: dict[Inode, str] = {}
        self._anchors: list[int] = []
        self._closed: _Closed = []

    def go(self, top: bytes, found: os.stat_result, skip: frozenset[bytes]) -> None:
        """Read everything. The stack holds directories: an anchor and the way from there.

        Raises:
            TooMuch: the budget does not suffice; :attr:`prints` has what was seen until then.
        """
        waiting: list[tuple[int | None, bytes, bytes, os.stat_result]] = [(None, top, b"", found)]
        while waiting:
            anchor, relative, full, status = waiting.pop()
            directory = _open(anchor, relative, os.O_DIRECTORY, self._closed)
            is_anchor = anchor is None or len(relative) > _ANCHOR_LENGTH
            try:
                self._add(full or b".", status, Directory(stat.S_IMODE(status.st_mode)), directory)
                before, below = (directory, b"") if is_anchor else (anchor, relative + b"/")
                prefix = full + b"/" if full else b""
                with os.scandir(directory) as entries:
                    for entry in entries:
                        name = os.fsencode(entry.name)
                        if not full and name in skip:
                            continue
                        child = entry.stat(follow_symlinks=False)
                        if stat.S_ISDIR(child.st_mode):
                            self._spend(len(waiting), len(prefix) + len(name))
                            waiting.append((before, below + name, prefix + name, child))
                        else:
                            self._read(directory, name, prefix + name, child)
            finally:
                if is_anchor:
                    self._anchors.append(directory)
                else:
                    os.close(directory)

    def end(self) -> None:
        """Close everything again: children first, and while every anchor is open."""
        for anchor, path, mode in reversed(self._closed):
            os.chmod(path, mode, dir_fd=anchor)
        for descriptor in self._anchors:
            os.close(descriptor)

    def _read(self, directory: int, name: bytes, full: bytes, status: os.stat_result) -> None:
        """Take in what is not a directory."""
        kind, mode = stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode)
        self._spend(0, len(full) + (status.st_size if kind == stat.S_IFLNK else 0))
        if kind == stat.S_IFLNK:
            self._add(full, status, Symlink(os.readlink(name, dir_fd=directory)))
        elif kind != stat.S_IFREG:
            self._add(full, status, Special(_KINDS[kind], mode))
        elif not self._contents:
            self._add(full, status, Regular(status.st_size, "", mode))
        else:
            closed: _Closed = []
            file = _open(directory, name, 0, closed)
            try:
                digest = self._sha256(file, status)
                self._add(full, status, Regular(status.st_size, digest, mode), file)
            finally:
                os.close(file)
                for _ in closed:
                    os.chmod(name, mode, dir_fd=directory)

    def _spend(self, waiting: int, name: int) -> None:
        """Account for one more object, whose path has ``name`` bytes."""
        self._names += name
        budget = self._budget
        if len(self.prints) + waiting > budget.entries:
            raise TooMuch(f"more than {budget.entries:,} objects")
        if self._names > budget.names:
            raise TooMuch(f"paths of more than {budget.names >> 20} MiB together")
        if len(self._anchors) > budget.anchors:
            raise TooMuch("directories nested too deep")
        self._check_clock()

    def _check_clock(self) -> None:
        if self._clock() > self._end:
            raise TooMuch(f"to look at it takes more than {self._budget.seconds:g} s")

    def _sha256(self, file: int, status: os.stat_result) -> str:
        """The digest of a file's content; of one that has several names, only once."""
        inode = (status.st_dev, status.st_ino)
        if inode in self._digests:
            return self._digests[inode]
        self._content += status.st_size
        if self._content > self._budget.content:
            raise TooMuch(f"files of more than {self._budget.content >> 20:,} MiB together")
        digest = hashlib.sha256()
        left = status.st_size
        while left > 0 and (block := os.read(file, min(left, _HASH_BLOCK))):
            digest.update(block)
            left -= len(block)
            self._check_clock()
        self._digests[inode] = digest.hexdigest()
        return self._digests[inode]

    def _add(
        self, name: bytes, status: os.stat_result, entry: Entry, descriptor: int | None = None
    ) -> None:
        attributes: tuple[str, ...] = ()
        if self._contents and descriptor is not None:
            attributes = _attributes(descriptor)
        self.prints[name] = Print(
            entry,
            status.st_uid,
            status.st_gid,
            status.st_nlink,
            status.st_mtime_ns,
            (status.st_dev, status.st_ino),
            attributes,
        )


def _open(anchor: int | None, path: bytes, flags: int, closed: _Closed) -> int:
    """Open for reading; what had to be made readable for it is added to ``closed``."""
    flags |= os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
    try:
        return os.open(path, flags, dir_fd=anchor)
    except PermissionError:
        mode = os.stat(path, dir_fd=anchor, follow_symlinks=False).st_mode
        os.chmod(path, 0o700, dir_fd=anchor)
        closed.append((anchor, path, stat.S_IMODE(mode)))
        return os.open(path, flags, dir_fd=anchor)


def _attributes(descriptor: int) -> tuple[str, ...]:
    """Names of extended attributes; none where the file system has no such thing."""
    try:
        names = os.listxattr(descriptor)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return ()
    return tuple(sorted(name for name in names if name.startswith(_SETTABLE)))

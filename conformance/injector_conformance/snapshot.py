"""Snapshots: what lies in a directory, read without following any link.

Two views are taken. The *tree* is what SPEC.md speaks of: types, names, contents, modes, links.
The *prints* also hold owners, times and link counts, to tell whether anything at all has changed
outside of it (BOX-1).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from injector_fixtures.tree import Directory, Entry, Regular, Special, Symlink, Tree

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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A directory at one moment: every object below it, and itself under the name ``b"."``."""

    prints: dict[bytes, Print]

    @property
    def inodes(self) -> frozenset[Inode]:
        """The inodes of everything but directories."""
        return frozenset(
            one.inode for one in self.prints.values() if not isinstance(one.entry, Directory)
        )

    def tree(self) -> Tree:
        """The snapshot as a tree, hard links told by the smallest name of each group."""
        first: dict[Inode, bytes] = {}
        shared = set()
        names = sorted(self.prints.keys() - {b"."})
        for name in names:
            found = self.prints[name]
            if isinstance(found.entry, Regular) and first.setdefault(found.inode, name) != name:
                shared.add(found.inode)
        tree: dict[bytes, Entry] = {}
        for name in names:
            found = self.prints[name]
            entry = found.entry
            if isinstance(entry, Regular) and found.inode in shared:
                entry = replace(entry, first_name=first[found.inode])
            tree[name] = entry
        return tree


def take(
    directory: Path, skip: frozenset[bytes] = frozenset(), *, contents: bool = True
) -> Snapshot:
    """Read ``directory`` and everything below it, but not the top-level names in ``skip``.

    Objects that cannot be read (modes 000 left behind) are made readable for the time being; the
    mode that is recorded, and that they have afterwards, is the one that was found. A directory
    that is missing or is none gives an empty snapshot.

    Args:
        directory: where to look.
        skip: names that are passed over.
        contents: whether to read files and attributes. Where a write shows in the modification
            time, sizes and times tell as much: digests and attributes are left empty.
    """
    walk = _Walk(contents)
    try:
        found = directory.lstat()
    except FileNotFoundError:
        return Snapshot({})
    if not stat.S_ISDIR(found.st_mode):
        return Snapshot({})
    try:
        walk.go(os.fsencode(directory), found, skip)
    finally:
        walk.end()
    return Snapshot(walk.prints)


class _Walk:
    """A walk through a tree of any depth, from few descriptors.

    What is closed is opened on the way and gets its mode back: a case about a file that may not be
    read would mean nothing if looking at it opened it.
    """

    def __init__(self, contents: bool) -> None:
        self.prints: dict[bytes, Print] = {}
        self._contents = contents
        self._anchors: list[int] = []
        self._closed: _Closed = []

    def go(self, top: bytes, found: os.stat_result, skip: frozenset[bytes]) -> None:
        """Read everything. The stack holds directories: an anchor and the way from there."""
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
                digest = _sha256(file, status.st_size)
                self._add(full, status, Regular(status.st_size, digest, mode), file)
            finally:
                os.close(file)
                for _ in closed:
                    os.chmod(name, mode, dir_fd=directory)

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
    flags |= os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
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


def _sha256(file: int, size: int) -> str:
    digest = hashlib.sha256()
    while block := os.read(file, min(size + 1, _HASH_BLOCK)):
        digest.update(block)
    return digest.hexdigest()

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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from injector_fixtures.tree import Directory, Entry, Regular, Special, Symlink, Tree

Inode = tuple[int, int]
"""Device and inode number."""

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


def take(directory: Path, skip: frozenset[bytes] = frozenset()) -> Snapshot:
    """Read ``directory`` and everything below it, but not the top-level names in ``skip``.

    Objects that cannot be read (modes 000 left behind) are made readable for the time being; the
    mode that is recorded, and that they have afterwards, is the one that was found. A directory
    that is missing or is none gives an empty snapshot.
    """
    prints: dict[bytes, Print] = {}
    opened: list[int] = []
    reader = _Reader()
    try:
        try:
            found = directory.lstat()
        except FileNotFoundError:
            return Snapshot(prints)
        if not stat.S_ISDIR(found.st_mode):
            return Snapshot(prints)
        top = reader.open(None, os.fsencode(directory), os.O_DIRECTORY)
        opened.append(top)
        entry: Entry = Directory(stat.S_IMODE(found.st_mode))
        prints[b"."] = _print(found, entry, _attributes(reader, top, b".", entry))
        waiting = [(top, b"", b"")]
        while waiting:
            anchor, relative, full = waiting.pop()
            if len(relative) > _ANCHOR_LENGTH:
                anchor, relative = reader.open(anchor, relative, os.O_DIRECTORY), b""
                opened.append(anchor)
            for name, status in _children(reader, anchor, relative):
                if not full and name in skip:
                    continue
                path = full + name
                entry = _entry(reader, anchor, relative + name, status)
                prints[path] = _print(
                    status, entry, _attributes(reader, anchor, relative + name, entry)
                )
                if stat.S_ISDIR(status.st_mode):
                    waiting.append((anchor, relative + name + b"/", path + b"/"))
    finally:
        reader.restore()
        for descriptor in opened:
            os.close(descriptor)
    return Snapshot(prints)


class _Reader:
    """Opens closed files and directories too, and gives them their modes back at the end.

    A case about a file that may not be read would mean nothing if looking at it opened it.
    """

    def __init__(self) -> None:
        self._closed: list[tuple[int | None, bytes, int]] = []

    def open(self, anchor: int | None, path: bytes, flags: int) -> int:
        flags |= os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            return os.open(path, flags, dir_fd=anchor)
        except PermissionError:
            mode = os.stat(path, dir_fd=anchor, follow_symlinks=False).st_mode
            os.chmod(path, 0o700, dir_fd=anchor)
            self._closed.append((anchor, path, stat.S_IMODE(mode)))
            return os.open(path, flags, dir_fd=anchor)

    def restore(self) -> None:
        """Children first, and while every anchor is open."""
        for anchor, path, mode in reversed(self._closed):
            os.chmod(path, mode, dir_fd=anchor)


def _children(
    reader: _Reader, anchor: int, relative: bytes
) -> Iterator[tuple[bytes, os.stat_result]]:
    directory = reader.open(anchor, relative or b".", os.O_DIRECTORY)
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                yield os.fsencode(entry.name), entry.stat(follow_symlinks=False)
    finally:
        os.close(directory)


def _attributes(reader: _Reader, anchor: int, path: bytes, entry: Entry) -> tuple[str, ...]:
    """Names of extended attributes; none where the file system has no such thing."""
    if not isinstance(entry, Directory | Regular):
        return ()
    descriptor = reader.open(anchor, path, 0)
    try:
        names = os.listxattr(descriptor)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return ()
    finally:
        os.close(descriptor)
    return tuple(sorted(name for name in names if name.startswith(_SETTABLE)))


def _print(status: os.stat_result, entry: Entry, attributes: tuple[str, ...]) -> Print:
    return Print(
        entry,
        status.st_uid,
        status.st_gid,
        status.st_nlink,
        status.st_mtime_ns,
        (status.st_dev, status.st_ino),
        attributes,
    )


def _entry(reader: _Reader, anchor: int, path: bytes, status: os.stat_result) -> Entry:
    kind, mode = stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode)
    if kind == stat.S_IFDIR:
        return Directory(mode)
    if kind == stat.S_IFLNK:
        return Symlink(os.readlink(path, dir_fd=anchor))
    if kind == stat.S_IFREG:
        return Regular(status.st_size, _sha256(reader, anchor, path), mode)
    return Special(_KINDS[kind], mode)


def _sha256(reader: _Reader, anchor: int, path: bytes) -> str:
    digest = hashlib.sha256()
    descriptor = reader.open(anchor, path, 0)
    try:
        while block := os.read(descriptor, _HASH_BLOCK):
            digest.update(block)
    finally:
        os.close(descriptor)
    return digest.hexdigest()

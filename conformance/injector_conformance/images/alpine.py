"""Takes Alpine's own packages out of a larger Alpine system: what the official image holds.

Everything that is kept is checked against the SHA-1 that Alpine's package database records for
it. Files that the larger system had changed are restored first, so they are checked as well.
"""

from __future__ import annotations

import base64
import hashlib
import stat
import tarfile
from collections.abc import Iterator, Mapping
from typing import Final

from injector_conformance.images.archive import LayerEntry
from injector_conformance.images.errors import ImageError
from injector_conformance.images.ext4 import FileSystem, Inode

PACKAGES: Final = frozenset(
    {
        "alpine-baselayout",
        "alpine-baselayout-data",
        "alpine-keys",
        "alpine-release",
        "apk-tools",
        "busybox",
        "busybox-binsh",
        "ca-certificates-bundle",
        "libapk",
        "libcrypto3",
        "libssl3",
        "musl",
        "musl-utils",
        "scanelf",
        "ssl_client",
        "zlib",
    }
)
"""The packages of the official image."""

WORLD: Final = b"alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nmusl-utils\n"
"""What apk believes was asked for. Without this file it would remove everything."""

RESTORED: Final[Mapping[str, bytes]] = {
    "etc/hostname": b"localhost\n",
    "etc/hosts": (
        b"127.0.0.1\tlocalhost localhost.localdomain\n::1\t\tlocalhost localhost.localdomain\n"
    ),
    "etc/modules": b"af_packet\nipv6\n",
    "etc/mtab": b"../proc/mounts",
}
"""Packaged contents of files that were written over."""

EXTRA_USERS: Final = (b"dhcpcd:", b"quicksand:")
USER_FILES: Final = frozenset({"etc/group", "etc/passwd", "etc/shadow"})
LOCKED: Final = frozenset({"etc/shadow"})
"""Not as packaged: the package lets root in without a password, every image locks it."""

DATABASE: Final = "lib/apk/db/installed"
KEPT_STATE: Final = ("etc/apk/arch", "etc/apk/repositories")
BUSYBOX: Final = b"/bin/busybox"
TYPES: Final = {
    stat.S_IFDIR: tarfile.DIRTYPE,
    stat.S_IFREG: tarfile.REGTYPE,
    stat.S_IFLNK: tarfile.SYMTYPE,
}


class _Package:
    """One package's record: its paragraph, its directories, its files with their checksums."""

    def __init__(self, record: str) -> None:
        self.record = record
        self.name = ""
        self.directories: list[str] = []
        self.files: dict[str, str] = {}
        folder = name = ""
        for line in record.split("\n"):
            key, _, value = line.partition(":")
            if key == "P":
                self.name = value
            elif key == "F":
                folder = value
                if value:
                    self.directories.append(value)
            elif key == "R":
                name = f"{folder}/{value}" if folder else value
                self.files[name] = ""
            elif key == "Z":
                self.files[name] = value


def _checksum(content: bytes) -> str:
    return "Q1" + base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


class AlpineSystem:
    """The Alpine system on a file system."""

    def __init__(self, filesystem: FileSystem) -> None:
        """Index the file system and its package database.

        Raises:
            ImageError: there is no package database.
        """
        self._filesystem = filesystem
        self._inodes = {path.decode(): inode for path, inode in filesystem.walk()}
        records = self._content(DATABASE).decode().strip("\n").split("\n\n")
        packages = [_Package(record) for record in records]
        self._kept = [package for package in packages if package.name in PACKAGES]
        self._files_of_all = {name for package in packages for name in package.files}
        missing = PACKAGES - {package.name for package in self._kept}
        if missing:
            raise ImageError(f"the Alpine system lacks {', '.join(sorted(missing))}")

    def entries(self) -> Iterator[LayerEntry]:
        """The official image's tree.

        Raises:
            ImageError: a file is missing or differs from its package's record.
        """
        directories = {name for package in self._kept for name in package.directories}
        for name in directories | {"lib/apk", "lib/apk/db"}:
            yield self._entry(name, self._inode(name), b"")
        for package in self._kept:
            for name, expected in package.files.items():
                yield self._packaged(name, expected)
        for name, inode in self._inodes.items():
            if stat.S_ISLNK(inode.mode) and name not in self._files_of_all:
                text = self._filesystem.contents(inode)
                if text == BUSYBOX:
                    yield self._entry(name, inode, text)
        database = "\n\n".join(package.record for package in self._kept) + "\n\n"
        yield self._entry(DATABASE, self._inode(DATABASE), database.encode())
        yield self._entry("etc/apk/world", self._inode("etc/apk/world"), WORLD)
        for name in KEPT_STATE:
            yield self._entry(name, self._inode(name), self._content(name))

    def _packaged(self, name: str, expected: str) -> LayerEntry:
        inode = self._inode(name)
        content = RESTORED.get(name) or self._filesystem.contents(inode)
        if name in USER_FILES:
            lines = content.splitlines(keepends=True)
            content = b"".join(line for line in lines if not line.startswith(EXTRA_USERS))
        if expected and name not in LOCKED and _checksum(content) != expected:
            raise ImageError(f"{name} differs from what its package recorded")
        return self._entry(name, inode, content)

    def _inode(self, name: str) -> Inode:
        try:
            return self._inodes[name]
        except KeyError:
            raise ImageError(f"the Alpine system has no {name}") from None

    def _content(self, name: str) -> bytes:
        return self._filesystem.contents(self._inode(name))

    def _entry(self, name: str, inode: Inode, content: bytes) -> LayerEntry:
        return LayerEntry(
            name=name,
            type=TYPES[stat.S_IFMT(inode.mode)],
            mode=stat.S_IMODE(inode.mode),
            uid=inode.uid,
            gid=inode.gid,
            mtime=inode.mtime,
            content=content,
        )

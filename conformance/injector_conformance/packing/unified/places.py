"""Where the files of an image lie: a directory, or an archive."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, Protocol

from injector_conformance.packing.errors import PackError

_COMPRESSED: Final[tuple[tuple[bytes, Callable[[Path], Any]], ...]] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
)
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_WHOLE: Final = "is it whole?"


class Place(Protocol):
    """Files by their names."""

    @property
    def label(self) -> str:
        """What messages call it."""

    def size(self, name: str) -> int | None:
        """Bytes of a file; None if there is none."""

    def open(self, name: str) -> IO[bytes]:
        """A file, from its beginning.

        Raises:
            PackError: there is none, or it cannot be read.
        """

    def close(self) -> None:
        """Nothing is read any more."""


def read(place: Place, name: str, most: int) -> bytes:
    """All of a small file.

    Raises:
        PackError: it is not there, is larger than ``most`` bytes, or cannot be read.
    """
    size = place.size(name)
    if size is None:
        raise PackError(f"{place.label}: has no {name}; {_WHOLE}")
    if size > most:
        raise PackError(f"{place.label}: {name} has {size:,} bytes, {most:,} are possible")
    try:
        with place.open(name) as file:
            return file.read()
    except (OSError, tarfile.TarError) as error:
        raise PackError(f"{place.label}: {name} cannot be read: {error}; {_WHOLE}") from error


class Folder:
    """A directory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.label = str(path)

    def size(self, name: str) -> int | None:
        """Bytes of a file."""
        path = self._path / name
        return path.stat().st_size if path.is_file() else None

    def open(self, name: str) -> IO[bytes]:
        """A file, from its beginning."""
        try:
            return (self._path / name).open("rb")
        except OSError as error:
            raise PackError(f"{self.label}: {name} cannot be read: {error.strerror}") from error

    def close(self) -> None:
        """Nothing was kept open."""


class Archive:
    """A tar archive, compressed or not. A compressed one is unpacked into ``scratch`` first."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self.label = str(path)
        plain = _uncompressed(path, scratch)
        try:
            self._tar = tarfile.open(plain, "r:")  # noqa: SIM115 - closed by close()
        except (OSError, tarfile.TarError) as error:
            raise PackError(
                f"{path}: is no image: neither a directory nor a tar archive; name what docker"
                " save writes, an OCI archive or layout, or an image of a local store"
            ) from error
        try:
            members = {os.path.normpath(one.name): one for one in self._tar}
        except (OSError, tarfile.TarError, ValueError) as error:
            self._tar.close()
            raise PackError(f"{path}: is cut short or damaged: {error}") from error
        self._members = members

    def size(self, name: str) -> int | None:
        """Bytes of a file, links followed."""
        file = self._file(name)
        return None if file is None else file.seek(0, os.SEEK_END)

    def open(self, name: str) -> IO[bytes]:
        """A file, links followed, from its beginning."""
        file = self._file(name)
        if file is None:
            raise PackError(f"{self.label}: has no {name}; {_WHOLE}")
        return file

    def close(self) -> None:
        """Close the archive."""
        self._tar.close()

    def _file(self, name: str) -> IO[bytes] | None:
        member = self._members.get(os.path.normpath(name))
        try:
            return None if member is None else self._tar.extractfile(member)
        except (KeyError, RecursionError):
            return None  # a link that leads nowhere, or to itself


def _uncompressed(path: Path, scratch: Path) -> Path:
    try:
        with path.open("rb") as file:
            magic = file.read(6)
        if magic.startswith(_ZSTANDARD):
            raise PackError(f"{path}: is compressed by zstd; unpack it first: zstd -d {path}")
        for start, opener in _COMPRESSED:
            if magic.startswith(start):
                plain = scratch / "uncompressed.tar"
                with opener(path) as source, plain.open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                return plain
    except (EOFError, lzma.LZMAError, zlib.error) as error:
        raise PackError(f"{path}: is cut short or damaged: {error}") from error
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror or error}") from error
    return path

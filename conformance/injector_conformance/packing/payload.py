"""A payload from files: one gzip-compressed tar, cut into chunks while it is written.

The result depends on names and contents alone: owners, times and modes are fixed, as Zarf's
injector sets the modes itself (MODE-1).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from injector_fixtures.layout import CHUNK_SIZE, PREFIX

MODE: Final = 0o644
"""Permission bits in the archive; what an injector leaves is 0755 all the same."""

_COMPRESSION: Final = 6


class PackError(Exception):
    """The files cannot be packed; the message says which, and why."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A payload on disk.

    Attributes:
        chunks: the chunk files, in order.
        sha256: of the joined chunks: the injector's argument.
        size: bytes of the joined chunks.
        content: bytes of the files inside.
    """

    chunks: tuple[Path, ...]
    sha256: str
    size: int
    content: int


def pack(files: Sequence[Path], directory: Path, chunk_size: int = CHUNK_SIZE) -> Packed:
    """Pack files, each under its own name, in the order given.

    Args:
        files: regular files; links are followed.
        directory: where the chunks go; it is made, and must not hold chunks already.
        chunk_size: bytes of every chunk but the last.

    Raises:
        PackError: a file is missing, is no regular file, or two have the same name; or the
            directory holds chunks already. Nothing is left half-written.
    """
    names = _names(files)
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.glob(f"{PREFIX.decode()}*")):
        raise PackError(f"{directory}: holds chunks already; name an empty directory")
    with tempfile.TemporaryDirectory(prefix=".packing-", dir=directory) as scratch:
        cutter = _Cutter(Path(scratch), chunk_size)
        content = 0
        compressed = gzip.GzipFile("", "wb", _COMPRESSION, cast("io.BufferedIOBase", cutter), 0)
        with (
            compressed,
            tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            for name, path in zip(names, files, strict=True):
                content += _add(tar, name, path)
        cutter.close()
        width = max(3, len(str(len(cutter.pieces) - 1)))
        chunks = []
        for number, piece in enumerate(cutter.pieces):
            chunk = directory / f"{PREFIX.decode()}{number:0{width}d}"
            piece.rename(chunk)
            chunks.append(chunk)
    return Packed(tuple(chunks), cutter.digest.hexdigest(), cutter.size, content)


def _names(files: Iterable[Path]) -> list[str]:
    names: list[str] = []
    for path in files:
        if not path.exists():
            raise PackError(f"{path}: no such file")
        if not path.is_file():
            raise PackError(f"{path}: is not a regular file; pack files only")
        if not os.access(path, os.R_OK):
            raise PackError(f"{path}: cannot be read")
        if path.name in names:
            raise PackError(f"{path}: another file is named {path.name} too")
        names.append(path.name)
    if not names:
        raise PackError("there is nothing to pack: name one file or more")
    return names


def _add(archive: tarfile.TarFile, name: str, path: Path) -> int:
    member = tarfile.TarInfo(name)
    member.mode = MODE
    with path.open("rb") as file:
        member.size = os.fstat(file.fileno()).st_size
        archive.addfile(member, file)
    return member.size


class _Cutter:
    """A file to write to that ends a piece whenever it is full."""

    def __init__(self, directory: Path, chunk_size: int) -> None:
        self._directory = directory
        self._chunk_size = chunk_size
        self._open: io.BufferedWriter | None = None
        self._room = 0
        self.pieces: list[Path] = []
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Take all of ``data``."""
        self.digest.update(data)
        self.size += len(data)
        view = memoryview(data)
        while view:
            if self._open is None or self._room == 0:
                self._next()
            taken = view[: self._room]
            if self._open is not None:
                self._open.write(taken)
            self._room -= len(taken)
            view = view[len(taken) :]
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that :meth:`close` would not write."""

    def close(self) -> None:
        """End the last piece."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _next(self) -> None:
        self.close()
        piece = self._directory / str(len(self.pieces))
        self._open = piece.open("wb")
        self._room = self._chunk_size
        self.pieces.append(piece)

"""The outer half of a payload: one gzip member, cut into chunks while it is written."""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from injector_conformance.packing.errors import PackError
from injector_fixtures.layout import PREFIX

_COMPRESSION: Final = 6


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


def write(
    directory: Path, chunk_size: int, fill: Callable[[IO[bytes]], int], mtime: int = 0
) -> Packed:
    """Compress what ``fill`` writes, and cut it.

    Args:
        directory: where the chunks go; it is made, and must not hold chunks already.
        chunk_size: bytes of every chunk but the last.
        fill: writes an archive into the file that it gets, and returns the bytes of the files
            inside.
        mtime: the time in the gzip header.

    Raises:
        PackError: the directory holds chunks already. Whatever is raised, no chunk is left.
    """
    _make(directory)
    with tempfile.TemporaryDirectory(prefix=".packing-", dir=directory) as scratch:
        cutter = _Cutter(Path(scratch), chunk_size)
        stream = cast("io.BufferedIOBase", cutter)
        with (
            closing(cutter),
            gzip.GzipFile("", "wb", _COMPRESSION, stream, mtime) as compressed,
        ):
            content = fill(cast("IO[bytes]", compressed))
        width = max(3, len(str(len(cutter.pieces) - 1)))
        chunks = []
        for number, piece in enumerate(cutter.pieces):
            chunk = directory / f"{PREFIX.decode()}{number:0{width}d}"
            piece.rename(chunk)
            chunks.append(chunk)
    return Packed(tuple(chunks), cutter.digest.hexdigest(), cutter.size, content)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        is_used = any(directory.glob(f"{PREFIX.decode()}*"))
    except OSError as error:
        raise PackError(f"{directory}: cannot be written to: {error.strerror}") from error
    if is_used:
        raise PackError(f"{directory}: holds chunks already; name an empty directory")


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

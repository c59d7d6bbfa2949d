"""A payload from files: one gzip-compressed tar, cut into chunks while it is written.

The result depends on names and contents alone: owners, times and modes are fixed, as Zarf's
injector sets the modes itself (MODE-1).
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

from injector_conformance.packing import chunks
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.errors import PackError
from injector_fixtures.layout import CHUNK_SIZE

MODE: Final = 0o644
"""Permission bits in the archive; what an injector leaves is 0755 all the same."""


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

    def fill(stream: IO[bytes]) -> int:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
            return sum(_add(tar, name, path) for name, path in zip(names, files, strict=True))

    return chunks.write(directory, chunk_size, fill)


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

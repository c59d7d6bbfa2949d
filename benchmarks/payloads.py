"""The payloads to be extracted: one like Zarf's own, and one that is all files and folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from injector_fixtures import realistic
from injector_fixtures.tree import Regular


@dataclass(frozen=True, slots=True)
class Prepared:
    """A payload as chunks on disk.

    Attributes:
        directory: the init directory.
        sha256: the checksum argument.
        compressed: bytes of all chunks.
        files: how many regular files it holds.
    """

    directory: Path
    sha256: str
    compressed: int
    files: int


def seed(directory: Path) -> Prepared:
    """A registry program and an image: 27 MB in two files."""
    return _prepare(realistic.seed_like(27_000_000), directory)


def tree(directory: Path) -> Prepared:
    """256 MB in 7,733 files."""
    return _prepare(realistic.tree_like(256_000_000, 7733), directory)


def _prepare(payload: realistic.Payload, directory: Path) -> Prepared:
    directory.mkdir()
    written = payload.write_chunks(directory)
    files = sum(isinstance(entry, Regular) for entry in payload.tree.values())
    return Prepared(directory, written.sha256, written.size, files)

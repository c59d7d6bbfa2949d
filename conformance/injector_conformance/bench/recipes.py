"""The payloads that a benchmark runs on: three whole ones, and series that vary one thing each."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from injector_conformance.bench import UsageError
from injector_fixtures import realistic, seeded
from injector_fixtures.layout import CHUNK_SIZE
from injector_fixtures.realistic import Block, Member, Payload

MEGABYTE: Final = 1_000_000

SEED_SIZE: Final = 27 * MEGABYTE
TREE_SIZE: Final = 256 * MEGABYTE
TREE_FILES: Final = 7733


@dataclass(frozen=True)
class Recipe:
    """How to make a payload.

    Attributes:
        id: for ``--payload`` and reports.
        dimension: what varies along the series that it belongs to.
        value: its place in the series; None where the series has no order.
        title: for people.
        size: bytes of content, all files together.
        chunks: into how many chunks it is cut; None for chunks of 512 KiB.
    """

    id: str
    dimension: str
    value: int | None
    title: str
    size: int
    make: Callable[[], Payload] = field(repr=False)
    chunks: int | None = None

    @property
    def is_quick(self) -> bool:
        """Whether ``--quick`` has it."""
        return self.id in _QUICK

    def chunk_size(self, payload: Payload) -> int:
        """Bytes of a chunk."""
        if self.chunks is None:
            return CHUNK_SIZE
        return -(-sum(map(len, payload.pieces())) // self.chunks)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A series of payloads that differ in one thing.

    Attributes:
        name: for ``--payload`` and reports.
        title: what varies, and what stays as it is.
        floor: the payload whose cost is there whatever the value; what is above it grows. Empty
            where growth has no meaning.
    """

    name: str
    title: str
    floor: str = ""


DIMENSIONS: Final = (
    Dimension("start-up", "one empty file: what an injector costs before it does anything"),
    Dimension("seed", "27 MB in two files, as Zarf sends them"),
    Dimension("tree", "256 MB in 7,733 files"),
    Dimension("size", "total size in bytes; two files", floor="start-up"),
    Dimension("files", "number of files; 52 MB in all", floor="files-1"),
    Dimension("chunks", "number of chunks; 2 MB in two files", floor="chunks-1"),
    Dimension("compressibility", "what the content is; 32 MB in one file"),
    Dimension("depth", "directories above each file; 1,000 files of 1,024 bytes", floor="depth-1"),
)

WHOLE: Final = ("start-up", "seed", "tree")
"""Dimensions of one payload, on which all peers run; along the others only the control does."""

_SIZES: Final = (1, 4, 16, 64, 256, 1000)
_FILES: Final = (1, 1000, 5000, 10_000, 20_000, 50_000)
_FILES_SIZE: Final = 52 * MEGABYTE
_CHUNKS: Final = (1, 250, 500, 1000, 2000)
_CHUNKS_SIZE: Final = 2 * MEGABYTE
_DEPTHS: Final = (1, 4, 16, 40)
_DEPTH_FILES: Final = 1000
_DEPTH_FILE_SIZE: Final = 1024
_CONTENT_SIZE: Final = 32 * MEGABYTE
_QUICK: Final = frozenset(
    {
        *("start-up", "seed", "size-1", "size-4", "size-16", "files-1", "files-1000"),
        *("files-5000", "chunks-1", "chunks-500", "chunks-1000", "content-text"),
        *("content-noise", "depth-1", "depth-16"),
    }
)


def one_file(content: Callable[[str, int], bytes], size: int) -> Payload:
    """``size`` bytes in one file, made of units of 4 MiB of one kind of content."""
    unit = Block(content("content", min(realistic.UNIT, size)))
    units, rest = divmod(size, len(unit.data))

    def members() -> Iterator[Member]:
        yield Member(b"content", [unit] * units, unit.data[:rest])

    return Payload(members, size)


def deep(depth: int, files: int, size: int) -> Payload:
    """``files`` files of ``size`` bytes, all of them below ``depth`` nested directories."""
    content = seeded.prose("deep", size)

    def members() -> Iterator[Member]:
        for level in range(1, depth + 1):
            yield Member(b"d/" * (level - 1) + b"d", is_directory=True)
        for number in range(files):
            yield Member(b"d/" * depth + b"file-%04d" % number, tail=content)

    return Payload(members, files * size)


def empty() -> Payload:
    """One empty file."""
    return Payload(lambda: iter([Member(b"empty")]), 0)


def _zeros(seed: str, size: int) -> bytes:
    del seed
    return bytes(size)


_CONTENTS: Final[dict[str, Callable[[str, int], bytes]]] = {
    "zeros": _zeros,
    "text": seeded.prose,
    "mixture": seeded.mixture,
    "noise": seeded.noise,
}


def _whole() -> Iterator[Recipe]:
    yield Recipe("start-up", "start-up", None, "one empty file", 0, empty)
    make = partial(realistic.seed_like, SEED_SIZE)
    yield Recipe("seed", "seed", None, "27 MB in 2 files", SEED_SIZE, make)
    make = partial(realistic.tree_like, TREE_SIZE, TREE_FILES)
    yield Recipe("tree", "tree", None, "256 MB in 7,733 files", TREE_SIZE, make)


def _series() -> Iterator[Recipe]:
    for megabytes in _SIZES:
        size = megabytes * MEGABYTE
        title = f"{megabytes:,} MB in 2 files"
        make = partial(realistic.seed_like, size)
        yield Recipe(f"size-{megabytes}", "size", size, title, size, make)
    for files in _FILES:
        title = f"52 MB in {files:,} files"
        make = partial(realistic.tree_like, _FILES_SIZE, files)
        yield Recipe(f"files-{files}", "files", files, title, _FILES_SIZE, make)
    for chunks in _CHUNKS:
        title = f"2 MB in {chunks:,} chunks"
        make = partial(realistic.seed_like, _CHUNKS_SIZE)
        yield Recipe(f"chunks-{chunks}", "chunks", chunks, title, _CHUNKS_SIZE, make, chunks)
    for kind, content in _CONTENTS.items():
        title = f"32 MB of {kind}"
        make = partial(one_file, content, _CONTENT_SIZE)
        yield Recipe(f"content-{kind}", "compressibility", None, title, _CONTENT_SIZE, make)
    for depth in _DEPTHS:
        title = f"1,000 files {depth} deep"
        make = partial(deep, depth, _DEPTH_FILES, _DEPTH_FILE_SIZE)
        size = _DEPTH_FILES * _DEPTH_FILE_SIZE
        yield Recipe(f"depth-{depth}", "depth", depth, title, size, make)


RECIPES: Final[dict[str, Recipe]] = {recipe.id: recipe for recipe in (*_whole(), *_series())}
"""All payloads by id, in the order in which they run."""


def select(names: Sequence[str], *, quick: bool = False) -> list[Recipe]:
    """The recipes that ``names`` ask for: ids of payloads, or dimensions; all if there is none.

    Args:
        names: what was asked for.
        quick: without names, only those that take a second or less.

    Raises:
        UsageError: there is no such payload.
    """
    wanted = set()
    for name in names:
        found = {one.id for one in RECIPES.values() if name in (one.id, one.dimension)}
        if not found:
            known = [*dict.fromkeys((*RECIPES, *(one.name for one in DIMENSIONS)))]
            close = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(known)}"
            raise UsageError(f"no payload {name}{hint}")
        wanted |= found
    if not names:
        wanted = {one.id for one in RECIPES.values() if one.is_quick or not quick}
    return [one for one in RECIPES.values() if one.id in wanted]

"""PAY: finding the payload and reading it.

The payload is read twice: first to be hashed, then to be extracted. What was verified must be
what is extracted (SUM-2), so the second reading insists on the same files: same inode, same size,
untouched since. Holding all files open instead would show the same bytes after a file was
*replaced*, but also take one descriptor for every chunk, of which there may be more than a process
may have (PAY-3), and it would not notice a file that was *rewritten* in place.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator

from zarf_injector import errors
from zarf_injector.display import printable, quoted

PREFIX = b"zarf-payload-"

BLOCK_SIZE = 512 * 1024
"""Bytes of one read: a chunk, as Zarf cuts them. Of the sizes from 32 KiB to 1 MiB this one, in
step with ``gzip_stream.OUTPUT_SIZE``, lets the decoder run fastest: by a quarter over 64 KiB."""

Identity = tuple[int, int, int, int, int]
"""Device, inode, size in bytes, times of the last change of content and of inode in ns."""


class Chunk:
    """A chunk, found but not yet read.

    Attributes:
        name: as in the init directory.
        path: how to open it.
        identity: which file the first reading has seen.
    """

    __slots__ = ("identity", "name", "path")

    def __init__(self, init_directory: bytes, name: bytes) -> None:
        self.name = name
        self.path = os.path.join(init_directory, name)
        self.identity: Identity | None = None


def is_chunk(name: bytes) -> bool:
    """PAY-1, PAY-4, PAY-7: the first 13 bytes decide, nothing else does."""
    return name.startswith(PREFIX)


def order(names: Iterable[bytes]) -> list[bytes]:
    """PAY-2: ascending by bytes, so that ``-1000`` comes before ``-101``."""
    return sorted(names)


def find(init_directory: bytes) -> list[Chunk]:
    """The chunks in the order in which they are joined.

    Raises:
        NoChunkError: there is none (PAY-5).
        UnreadableChunkError: the directory cannot be listed.
    """
    try:
        entries = os.listdir(init_directory)
    except OSError as error:
        raise errors.UnreadableChunkError(
            f"cannot list {quoted(init_directory)}: {error.strerror}"
        ) from error
    names = order(name for name in entries if is_chunk(name))
    if not names:
        raise errors.NoChunkError(
            f"no file named {printable(PREFIX)}* in {quoted(os.path.abspath(init_directory))}"
        )
    return [Chunk(init_directory, name) for name in names]


def first_reading(chunks: Iterable[Chunk], progress: Callable[[str], None]) -> Iterator[bytes]:
    """The joined bytes in blocks (PAY-3), announcing each chunk and noting what file it is.

    Raises:
        UnreadableChunkError: a chunk cannot be read as a file (PAY-6).
    """
    for chunk in chunks:
        progress(f"Processing {printable(chunk.name)}")
        descriptor = _open(chunk)
        try:
            chunk.identity = _identity(descriptor)
            yield from _blocks(descriptor, chunk)
        finally:
            os.close(descriptor)


def second_reading(chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """The same bytes again.

    Raises:
        UnreadableChunkError: a chunk cannot be read any more (PAY-6).
        ChangedChunkError: a chunk is another file, or was written to (SUM-2).
    """
    for chunk in chunks:
        descriptor = _open(chunk)
        try:
            insist_on_same_file(chunk, _identity(descriptor))
            yield from _blocks(descriptor, chunk)
            insist_on_same_file(chunk, _identity(descriptor))
        finally:
            os.close(descriptor)


def insist_on_same_file(chunk: Chunk, identity: Identity) -> None:
    """SUM-2: no other bytes than the verified ones are extracted.

    Raises:
        ChangedChunkError: the chunk changed since it was hashed.
    """
    if identity != chunk.identity:
        raise errors.ChangedChunkError(
            f"chunk {quoted(chunk.name)} changed while it was being read"
        )


def _open(chunk: Chunk) -> int:
    """PAY-6: a descriptor of a regular file, links followed, without waiting for anybody."""
    try:
        # Without O_NONBLOCK opening a FIFO waits for a writer, perhaps for ever.
        descriptor = os.open(chunk.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise errors.UnreadableChunkError(
            f"cannot open chunk {quoted(chunk.name)}: {error.strerror}"
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise errors.UnreadableChunkError(f"chunk {quoted(chunk.name)} is not a regular file")
    return descriptor


def _blocks(descriptor: int, chunk: Chunk) -> Iterator[bytes]:
    """The file's bytes from the start, in blocks of at most ``BLOCK_SIZE``, none of them empty."""
    try:
        while block := os.read(descriptor, BLOCK_SIZE):
            yield block
    except OSError as error:
        raise errors.UnreadableChunkError(
            f"cannot read chunk {quoted(chunk.name)}: {error.strerror}"
        ) from error


def _identity(descriptor: int) -> Identity:
    status = os.fstat(descriptor)
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )

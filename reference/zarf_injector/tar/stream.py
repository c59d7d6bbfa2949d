"""The archive's bytes: decompressed blocks of any size, read in amounts that tar asks for."""

from collections.abc import Iterable, Iterator

from zarf_injector import errors

BLOCK_SIZE = 512
"""Bytes of a tar block: the size of a header, and what data is padded to."""


def padded(size: int) -> int:
    """``size`` in bytes, rounded up to whole blocks."""
    return -(-size // BLOCK_SIZE) * BLOCK_SIZE


class Stream:
    """A forward-only reader over decompressed blocks."""

    __slots__ = ("_at", "_before", "_block", "_blocks")

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._block = b""
        self._at = 0
        self._before = 0

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._before + self._at

    def header(self) -> bytes | None:
        """The next 512 bytes, or None where the archive ends.

        Raises:
            TruncatedArchiveError: fewer than 512 bytes are left (TAR-9).
        """
        if self._at == len(self._block) and not self._advance():
            return None
        return self.take(BLOCK_SIZE)

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes in one piece; the caller has bounded ``size``.

        Raises:
            TruncatedArchiveError: fewer are left (TAR-9).
        """
        end = self._at + size
        if end <= len(self._block):
            taken = self._block[self._at : end]
            self._at = end
            return taken
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[memoryview]:
        """The next ``size`` bytes as views of the blocks that they arrive in: nothing is copied.

        Raises:
            TruncatedArchiveError: fewer are left (TAR-9).
        """
        while size:
            piece = memoryview(self._block)[self._at : self._at + size]
            if not piece:
                if self._advance():
                    continue
                raise errors.TruncatedArchiveError(
                    f"the archive ends after {self.position} bytes, {size} bytes too early"
                )
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def skip_to(self, position: int) -> None:
        """Read and forget everything before ``position``.

        Raises:
            TruncatedArchiveError: the archive ends before (TAR-9).
        """
        for _ in self.pieces(position - self.position):
            pass

    def drain(self) -> None:
        """TAR-14: read what is left, so that the last byte has been decompressed and checked."""
        while self._advance():
            pass

    def _advance(self) -> bool:
        """Go on to the next block; False if there is none."""
        self._before += len(self._block)
        self._block = next(self._blocks, b"")
        self._at = 0
        return bool(self._block)

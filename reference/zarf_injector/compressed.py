"""Compressed bytes, read block by block and now and then byte by byte."""

from collections.abc import Iterable, Iterator

from zarf_injector import errors


class Source:
    """The payload as gzip sees it: bytes in a row, whatever chunks they came in (PAY-3)."""

    __slots__ = ("_at", "_block", "_blocks")

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._block = b""
        self._at = 0

    def block(self, size: int | None = None) -> bytes:
        """What is at hand, ``size`` bytes at most; empty only at the end of the payload."""
        if self._at == len(self._block):
            self._block, self._at = next(self._blocks, b""), 0
        end = None if size is None else self._at + size
        taken = self._block[self._at : end]
        self._at += len(taken)
        return taken

    def give_back(self, size: int) -> None:
        """Let the last ``size`` bytes of the last :meth:`block` be read again."""
        self._at -= size

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes, or fewer at the end, without reading them."""
        while len(self._block) - self._at < size:
            more = next(self._blocks, b"")
            if not more:
                break
            self._block, self._at = self._block[self._at :] + more, 0
        return self._block[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes; at most 64 KiB are ever asked for.

        Raises:
            TruncatedStreamError: the payload ends before (GZ-6).
        """
        taken = self.peek(size)
        if len(taken) < size:
            raise errors.TruncatedStreamError("the payload ends within a gzip header or trailer")
        self._at += size
        return taken

    def until_zero(self) -> Iterator[bytes]:
        """The bytes up to the next zero, in pieces, the zero included.

        Raises:
            TruncatedStreamError: the payload ends before (GZ-6).
        """
        while self.peek(1):
            zero = self._block.find(b"\0", self._at)
            yield self.block(None if zero < 0 else zero + 1 - self._at)
            if zero >= 0:
                return
        raise errors.TruncatedStreamError("the payload ends within a gzip header")

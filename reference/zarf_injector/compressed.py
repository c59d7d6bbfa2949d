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

    def block(self) -> bytes:
        """All that is at hand, at least one byte; empty only at the end of the payload."""
        rest = self._block[self._at :] or next(self._blocks, b"")
        self._block, self._at = b"", 0
        return rest

    def give_back(self, unread: bytes) -> None:
        """Return the end of the last :meth:`block`, to be read next."""
        self._block, self._at = unread, 0

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
        while block := self.block():
            text, zero, rest = block.partition(b"\0")
            if zero:
                self.give_back(rest)
                yield text + zero
                return
            yield text
        raise errors.TruncatedStreamError("the payload ends within a gzip header")

"""Reading compressed bytes block by block and byte by byte."""

from __future__ import annotations

import pytest

from zarf_injector import errors
from zarf_injector.compressed import Source


def source(*blocks: bytes) -> Source:
    return Source(blocks)


class TestBlocks:
    def test_come_as_they_are(self) -> None:
        stream = source(b"abc", b"de")

        assert [stream.block(), stream.block(), stream.block()] == [b"abc", b"de", b""]

    def test_come_in_parts(self) -> None:
        stream = source(b"abc", b"de")

        assert [stream.block(2), stream.block(2), stream.block(9)] == [b"ab", b"c", b"de"]

    def test_can_be_given_back(self) -> None:
        stream = source(b"abcdef", b"g")
        stream.block(4)
        stream.give_back(3)

        assert [stream.take(1), stream.block(), stream.block()] == [b"b", b"cdef", b"g"]


class TestBytes:
    def test_are_taken_across_blocks(self) -> None:
        stream = source(b"a", b"b", b"cd")

        assert [stream.take(3), stream.take(0), stream.take(1)] == [b"abc", b"", b"d"]

    def test_can_be_looked_at_first(self) -> None:
        stream = source(b"a", b"bc")

        assert [stream.peek(2), stream.peek(9), stream.take(3)] == [b"ab", b"abc", b"abc"]
        assert stream.peek(1) == b""

    def test_may_be_missing(self) -> None:
        with pytest.raises(errors.TruncatedStreamError):
            source(b"ab").take(3)


class TestText:
    def test_ends_with_a_zero(self) -> None:
        stream = source(b"na", b"me\0rest", b"!")

        assert list(stream.until_zero()) == [b"na", b"me\0"]
        assert [stream.block(), stream.block()] == [b"rest", b"!"]

    def test_may_be_empty(self) -> None:
        stream = source(b"x\0", b"\0y")
        stream.take(1)

        assert list(stream.until_zero()) == [b"\0"]
        assert list(stream.until_zero()) == [b"\0"]
        assert stream.take(1) == b"y"

    def test_may_have_no_end(self) -> None:
        with pytest.raises(errors.TruncatedStreamError):
            list(source(b"na", b"me").until_zero())

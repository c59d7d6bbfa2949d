"""Reading amounts that have nothing to do with the blocks that they arrive in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zarf_injector import errors
from zarf_injector.tar.stream import Stream, padded

DATA = bytes(range(256)) * 8


def stream(size: int, data: bytes = DATA) -> Stream:
    return Stream(data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize(("size", "whole"), [(0, 0), (1, 512), (512, 512), (513, 1024)])
def test_padding(size: int, whole: int) -> None:
    assert padded(size) == whole


@pytest.mark.parametrize("size", [1, 3, 512, 700, 4096])
class TestAnyBlockSize:
    def test_takes_what_is_asked_for(self, size: int) -> None:
        source = stream(size)

        assert [source.take(5), source.take(0), source.take(600)] == [DATA[:5], b"", DATA[5:605]]
        assert source.position == 605

    def test_pieces_are_the_bytes_in_order(self, size: int) -> None:
        source = stream(size)
        source.take(1)

        assert b"".join(source.pieces(1000)) == DATA[1:1001]
        assert source.take(1) == DATA[1001:1002]

    def test_skips_forward(self, size: int) -> None:
        source = stream(size)
        source.skip_to(1000)
        source.skip_to(1000)

        assert source.take(4) == DATA[1000:1004]

    def test_headers_end_with_the_data(self, size: int) -> None:
        source = stream(size)

        assert [source.header() for _ in range(5)] == [*(DATA[:512],) * 4, None]

    def test_a_part_of_a_header_is_an_error(self, size: int) -> None:
        source = stream(size, DATA[:1023])
        source.header()

        with pytest.raises(errors.TruncatedArchiveError):
            source.header()

    def test_too_little_data_is_an_error_that_tells_how_much(self, size: int) -> None:
        source = stream(size)

        with pytest.raises(errors.TruncatedArchiveError, match="after 2048 bytes, 2 bytes"):
            source.take(2050)


def test_pieces_are_views_and_not_copies() -> None:
    block = bytes(1000)

    (piece,) = Stream([block]).pieces(10)

    assert piece.obj is block


def test_draining_reads_everything() -> None:
    read: list[int] = []

    def blocks() -> Iterator[bytes]:
        for number in range(5):
            read.append(number)
            yield b"x"

    source = Stream(blocks())
    source.take(1)
    source.drain()

    assert read == [0, 1, 2, 3, 4]
    assert source.header() is None

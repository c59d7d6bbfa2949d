"""The compressed stream, taken apart and put together again."""

from __future__ import annotations

import gzip as standard_gzip
import hashlib
import zlib
from collections.abc import Iterable

import pytest

from injector_fixtures import deflate, gzip
from injector_fixtures.deflate import DistanceSymbol, Match, Symbol
from zarf_injector import errors, gzip_stream

TEXT = b"to be, or not to be, that is the question: " * 40


def decompressed(stream: bytes, size: int = 1 << 20) -> bytes:
    return b"".join(gzip_stream.decompress(pieces(stream, size)))


def pieces(stream: bytes, size: int) -> Iterable[bytes]:
    return [stream[start : start + size] for start in range(0, len(stream), size)]


class TestDecoding:
    @pytest.mark.parametrize("level", [0, 1, 6, 9])
    def test_what_the_standard_library_wrote(self, level: int) -> None:
        assert decompressed(standard_gzip.compress(TEXT, level)) == TEXT

    @pytest.mark.parametrize("strategy", [zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE])
    def test_every_strategy(self, strategy: int) -> None:
        assert decompressed(gzip.member(TEXT, level=6, strategy=strategy)) == TEXT

    @pytest.mark.parametrize("size", [1, 2, 7, 100])
    def test_wherever_the_boundaries_fall(self, size: int) -> None:
        assert decompressed(gzip.member(TEXT, level=9, name=b"n", extra=b"xyz"), size) == TEXT

    def test_blocks_are_bounded_and_never_empty(self) -> None:
        stream = standard_gzip.compress(bytes(3 * gzip_stream.OUTPUT_SIZE + 1))

        lengths = [len(block) for block in gzip_stream.decompress([stream])]

        assert sum(lengths) == 3 * gzip_stream.OUTPUT_SIZE + 1
        assert 0 < min(lengths) <= max(lengths) <= gzip_stream.OUTPUT_SIZE

    def test_random_bytes(self) -> None:
        data = hashlib.shake_128(b"seed").digest(1_000_000)

        assert decompressed(standard_gzip.compress(data, 1), 1000) == data


class TestHeaders:
    def test_optional_fields(self) -> None:
        stream = gzip.member(
            TEXT, text=True, extra=b"\0" * 300, name=b"a", comment=b"b", header_crc="right"
        )

        assert decompressed(stream) == TEXT
        assert decompressed(stream, 1) == TEXT

    def test_a_wrong_header_crc(self) -> None:
        with pytest.raises(errors.MemberHeaderChecksumError):
            decompressed(gzip.member(TEXT, name=b"a", header_crc="wrong"))

    def test_an_unknown_method(self) -> None:
        with pytest.raises(errors.MemberHeaderError, match="method 7"):
            decompressed(gzip.member(TEXT, method=7))

    @pytest.mark.parametrize("flag", [0x20, 0x40, 0x80])
    def test_reserved_flags(self, flag: int) -> None:
        with pytest.raises(errors.MemberHeaderError, match="reserved"):
            decompressed(gzip.member(TEXT, reserved=flag))

    def test_a_name_without_an_end(self) -> None:
        with pytest.raises(errors.TruncatedStreamError):
            decompressed(b"\x1f\x8b\x08\x08" + bytes(6) + b"name" * 1000)

    @pytest.mark.parametrize(
        "stream", [b"", b"\x1f", b"hello", b"BZh9", b"\xfd7zXZ\0", b"\x1f\x8c", b"PK\x03\x04"]
    )
    def test_what_is_not_gzip(self, stream: bytes) -> None:
        with pytest.raises(errors.NotGzipError):
            decompressed(stream)


class TestSeveralMembers:
    def test_are_one_stream(self) -> None:
        assert decompressed(gzip.member(b"ab") + gzip.member(b"") + gzip.member(b"c")) == b"abc"

    def test_a_thousand_empty_ones(self) -> None:
        assert decompressed(gzip.member(b"") * 1000 + gzip.member(b"a")) == b"a"

    def test_each_trailer_is_checked(self) -> None:
        with pytest.raises(errors.ContentMismatchError):
            decompressed(gzip.member(b"a", crc=0) + gzip.member(b"b"))

    def test_a_later_header_is_checked(self) -> None:
        with pytest.raises(errors.MemberHeaderError):
            decompressed(gzip.member(b"a") + gzip.member(b"b", reserved=0x20))


class TestTrailer:
    def test_a_wrong_crc(self) -> None:
        with pytest.raises(errors.ContentMismatchError, match="CRC-32"):
            decompressed(gzip.member(TEXT, crc=zlib.crc32(TEXT) ^ 1))

    def test_a_wrong_length(self) -> None:
        with pytest.raises(errors.ContentMismatchError, match="length"):
            decompressed(gzip.member(TEXT, isize=len(TEXT) + 1))

    def test_comes_after_all_bytes(self) -> None:
        blocks = gzip_stream.decompress([gzip.member(b"a", crc=0)])

        assert next(blocks) == b"a"
        with pytest.raises(errors.ContentMismatchError):
            next(blocks)

    def test_every_truncation_is_noticed(self) -> None:
        stream = gzip.member(TEXT, level=6, name=b"n", header_crc="right")

        for length in range(2, len(stream)):
            with pytest.raises(errors.TruncatedStreamError):
                decompressed(stream[:length])

    @pytest.mark.parametrize("size", [1, 1000, 1 << 20])
    def test_zeros_behind_it_are_padding(self, size: int) -> None:
        assert decompressed(gzip.member(b"a") + bytes(2000), size) == b"a"

    @pytest.mark.parametrize(
        "rest",
        [b"x", b"\0x", bytes(999) + b"\1", b"\x1f", b"\x1fx", bytes(10) + gzip.member(b"b")],
    )
    @pytest.mark.parametrize("size", [1, 1 << 20])
    def test_anything_else_behind_it_is_refused(self, rest: bytes, size: int) -> None:
        with pytest.raises(errors.TrailingBytesError):
            decompressed(gzip.member(b"a") + rest, size)


class TestDamagedData:
    @pytest.mark.parametrize(
        "block",
        [
            deflate.reserved(),
            deflate.stored(b"a", complement=0),
            deflate.fixed(b"a", Match(3, 2)),
            deflate.fixed(Symbol(286)),
            deflate.fixed(b"a", Symbol(257), DistanceSymbol(30)),
            deflate.dynamic(b"a", literals={97: 1, 98: 1, 256: 1}),
            deflate.dynamic(b"a", literals={97: 2, 98: 2, 256: 2}),
            deflate.dynamic(b"a", Match(3, 1), distances={0: 1, 1: 1, 2: 1}),
            deflate.dynamic(b"a", Match(3, 1), distances={0: 2, 1: 2}),
            deflate.dynamic(b"a", hlit=287),
            deflate.dynamic(b"a", hdist=31),
            deflate.dynamic(b"a", length_code={0: 1, 1: 1, 18: 1}),
            deflate.dynamic(b"a", length_symbols=[(16, 0)]),
        ],
    )
    def test_is_refused(self, block: deflate.Block) -> None:
        with pytest.raises(errors.DeflateError):
            decompressed(gzip.member(b"a", deflated=deflate.stream(block)))

    def test_a_single_distance_code_is_not_damage(self) -> None:
        stream = deflate.stream(deflate.dynamic(b"a", Match(3, 1), distances={0: 1}))

        assert decompressed(gzip.member(b"aaaa", deflated=stream)) == b"aaaa"

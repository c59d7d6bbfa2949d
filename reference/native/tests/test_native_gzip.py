"""Decompression against zlib: the same bytes, and the same streams rejected (GZ)."""

from __future__ import annotations

import gzip
import struct
import zlib

import pytest

from native.tests import gzip_oracle, seeded
from native.tests.native_programs import Ending, Harness

STRATEGIES = {
    "default": zlib.Z_DEFAULT_STRATEGY,
    "filtered": zlib.Z_FILTERED,
    "huffman": zlib.Z_HUFFMAN_ONLY,
    "rle": zlib.Z_RLE,
    "fixed": zlib.Z_FIXED,
}


def texts() -> list[bytes]:
    """Data of several kinds: none, one byte, runs, noise, repetitions near and far."""
    noise = seeded.generator(1).randbytes(70_000)
    words = b" ".join(
        seeded.generator(2).choices([b"chunk", b"layer", b"seed", b"\0" * 9], k=40_000)
    )
    far = noise[:32_768] + noise[:32_768] + noise[:300]
    return [b"", b"a", b"\0" * 300_000, b"ab" * 100_000, noise, words, far]


def compressed(data: bytes, level: int, strategy: int, memory: int = 8) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, gzip_oracle.GZIP_WINDOW, memory, strategy)
    return packer.compress(data) + packer.flush()


def raw_member(deflate: bytes, data: bytes) -> bytes:
    """A gzip member around a DEFLATE stream that holds ``data``."""
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return header + deflate + struct.pack("<II", zlib.crc32(data), len(data))


class TestValidStreams:
    @pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
    def test_every_level_of_a_strategy(self, harness: Harness, strategy: int) -> None:
        data = [text for text in texts() for _ in range(10)]
        streams = [compressed(text, i % 10, strategy) for i, text in enumerate(data)]

        answers = harness.run(("g", stream) for stream in streams)

        assert [answer.output for answer in answers] == data

    def test_many_small_blocks(self, harness: Harness) -> None:
        data = texts()
        streams = [compressed(text, 9, zlib.Z_DEFAULT_STRATEGY, memory=1) for text in data]

        answers = harness.run(("g", stream) for stream in streams)

        assert [answer.output for answer in answers] == data

    def test_members_split_anywhere(self, harness: Harness) -> None:
        text = texts()[5]
        cuts = (0, 1, 511, 512, 32_768, len(text))
        streams = [gzip.compress(text[:cut]) + gzip.compress(text[cut:]) for cut in cuts]

        answers = harness.run(("g", stream) for stream in streams)

        assert [answer.output for answer in answers] == [text] * len(cuts)

    def test_a_distance_cannot_reach_into_the_member_before(self, harness: Harness) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=b"shared words")
        reaching = packer.compress(b"shared words") + packer.flush()
        stream = gzip.compress(b"shared words") + raw_member(reaching, b"shared words")

        (answer,) = harness.run([("g", stream)])

        assert answer.ending is Ending.REJECTED

    def test_a_million_empty_blocks_take_no_time(self, harness: Harness) -> None:
        # Eight empty fixed blocks, ten bits each, are ten bytes.
        eight = int("0000000010" * 8, 2) & ~sum(1 << (10 * i) for i in range(8))
        blocks = (eight | sum(0b010 << (10 * i) for i in range(8))).to_bytes(10, "little")
        stream = raw_member(blocks * 125_000 + b"\x03\0", b"")

        (answer,) = harness.run([("g", stream)])

        assert zlib.decompress(stream, gzip_oracle.GZIP_WINDOW) == b""
        assert answer.ending is Ending.DONE


class TestBrokenStreams:
    def test_truncated_at_every_byte(self, harness: Harness) -> None:
        stream = gzip.compress(texts()[5][:600], mtime=0)

        answers = harness.run(("g", stream[:length]) for length in range(len(stream)))

        assert {answer.ending for answer in answers} == {Ending.REJECTED}

    def test_every_bit_flipped(self, harness: Harness) -> None:
        stream = bytearray(gzip.compress(b"the payload, the payload and the payload", mtime=0))
        flipped = []
        for bit in range(len(stream) * 8):
            stream[bit // 8] ^= 1 << bit % 8
            flipped.append(bytes(stream))
            stream[bit // 8] ^= 1 << bit % 8

        answers = harness.run(("g", one) for one in flipped)

        expected = [gzip_oracle.decompressed(one) for one in flipped]
        assert [
            answer.output if answer.ending is Ending.DONE else None for answer in answers
        ] == expected
        assert Ending.DIED not in {answer.ending for answer in answers}

    @pytest.mark.parametrize(
        ("behind", "accepted"),
        [
            (b"\0", True),
            (b"\0" * 70_000, True),
            (b"\x01", False),
            (b"\0\x01", False),
            (b"\x1f\x8b", False),
            (b"\0" + gzip.compress(b""), False),
        ],
        ids=["zero", "zeros", "one", "zero-one", "half-a-header", "zero-member"],
    )
    def test_what_follows_the_last_member(
        self, harness: Harness, behind: bytes, accepted: bool
    ) -> None:
        (answer,) = harness.run([("g", gzip.compress(b"payload") + behind)])

        assert answer.ending is (Ending.DONE if accepted else Ending.REJECTED)

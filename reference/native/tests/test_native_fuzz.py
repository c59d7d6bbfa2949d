"""Random damage, seeded: nothing dies, and nothing is judged otherwise than by zlib (GZ)."""

from __future__ import annotations

import gzip
import random
import zlib

from native.tests import gzip_oracle, seeded
from native.tests.native_programs import Ending, Harness

SEED = 20_260_101


def assert_judged_alike(harness: Harness, streams: list[bytes]) -> int:
    """Compare every answer with zlib's; return how many streams were accepted."""
    answers = harness.run(("g", stream) for stream in streams)
    accepted = 0
    for stream, answer in zip(streams, answers, strict=True):
        expected = gzip_oracle.decompressed(stream)
        wanted = Ending.REJECTED if expected is None else Ending.DONE
        assert answer.ending is wanted, stream.hex()
        assert answer.output == (expected or b""), stream.hex()
        accepted += expected is not None
    return accepted


def wrapped(deflate: bytes) -> bytes:
    """A gzip member around a DEFLATE stream, its trailer right if zlib can decode the stream."""
    decoder = zlib.decompressobj(-15)
    try:
        data = decoder.decompress(deflate)
    except zlib.error:
        data = b""
    used = deflate[: len(deflate) - len(decoder.unused_data)]
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    trailer = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return header + used + trailer


def small_deflate(rng: random.Random) -> bytes:
    """A DEFLATE stream of up to a few hundred bytes, of any kind of block."""
    size = rng.choice((0, 1, 10, 100, 1000))
    data = bytes(rng.choices(rng.randbytes(rng.randint(1, 40)), k=size))
    strategy = rng.choice((zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY))
    packer = zlib.compressobj(rng.randint(0, 9), zlib.DEFLATED, -15, rng.randint(1, 9), strategy)
    return packer.compress(data) + packer.flush()


def damaged(rng: random.Random, stream: bytes) -> bytes:
    """The stream with one to three bits flipped, or bytes removed, or bytes put in."""
    bytes_ = bytearray(stream)
    kind = rng.random()
    at = rng.randrange(len(bytes_))
    if kind < 0.7:
        for _ in range(rng.randint(1, 3)):
            bytes_[rng.randrange(len(bytes_))] ^= 1 << rng.randrange(8)
    elif kind < 0.85:
        del bytes_[at : at + rng.randint(1, 4)]
    else:
        bytes_[at:at] = rng.randbytes(rng.randint(1, 4))
    return bytes(bytes_)


class TestFuzz:
    def test_damaged_blocks_in_sound_members(self, harness: Harness) -> None:
        rng = seeded.generator(SEED)
        streams = [wrapped(damaged(rng, small_deflate(rng))) for _ in range(4000)]

        accepted = assert_judged_alike(harness, streams)

        assert 200 < accepted < 3800

    def test_random_bits_as_blocks(self, harness: Harness) -> None:
        rng = seeded.generator(SEED + 1)
        kinds = (0b011, 0b101, 0b010, 0b100)
        streams = []
        for _ in range(3000):
            bits = bytearray(rng.randbytes(rng.randint(2, 60)))
            bits[0] = bits[0] & ~7 | rng.choice(kinds)
            streams.append(wrapped(bytes(bits)))

        accepted = assert_judged_alike(harness, streams)

        assert accepted > 0

    def test_damaged_members(self, harness: Harness) -> None:
        rng = seeded.generator(SEED + 2)
        streams = []
        for _ in range(3000):
            members = b"".join(
                gzip.compress(rng.randbytes(rng.randint(0, 50)), mtime=0)
                for _ in range(rng.randint(1, 3))
            )
            streams.append(damaged(rng, members + b"\0" * rng.choice((0, 0, 5))))

        accepted = assert_judged_alike(harness, streams)

        assert accepted > 0

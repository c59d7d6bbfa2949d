"""Compressed streams, sound, damaged and random, judged by zlib (GZ)."""

from __future__ import annotations

import gzip
import random
import zlib


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


def random_blocks(rng: random.Random) -> bytes:
    """A member of random bits that begin as a block does."""
    bits = bytearray(rng.randbytes(rng.randint(2, 60)))
    bits[0] = bits[0] & ~7 | rng.choice((0b011, 0b101, 0b010, 0b100))
    return wrapped(bytes(bits))


def damaged_members(rng: random.Random) -> bytes:
    """Some members with damage in any place."""
    members = b"".join(
        gzip.compress(rng.randbytes(rng.randint(0, 50)), mtime=0) for _ in range(rng.randint(1, 3))
    )
    return damaged(rng, members + b"\0" * rng.choice((0, 0, 5)))


def damaged_blocks(rng: random.Random) -> bytes:
    """Damaged blocks in a sound member."""
    return wrapped(damaged(rng, small_deflate(rng)))


def some(rng: random.Random) -> bytes:
    """A stream of any of these kinds."""
    return rng.choice((damaged_blocks, random_blocks, damaged_members))(rng)

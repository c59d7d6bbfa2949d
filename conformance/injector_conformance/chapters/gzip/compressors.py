"""What compressors make of one archive: every level, strategy and manner of flushing (GZ-1)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.sample import noise
from injector_conformance.chapters.recipes import Named, completes, made
from injector_fixtures import gzip, tar

_PROSE: Final = b"".join(b"line %d of a file that compresses\n" % number for number in range(1500))

_TREE: Final[Named] = {b"prose": _PROSE, b"noise": noise(6000), b"zeros": bytes(9000)}
_ARCHIVE: Final = tar.archive(
    tar.file(b"prose", _PROSE), tar.file(b"noise", noise(6000)), tar.file(b"zeros", bytes(9000))
)

_WHY: Final = "a decoder that was tried with one compressor fails when another packs the payload"
_PIECE: Final = 500


def _case(identity: str, title: str, build: Callable[[], bytes], origin: str) -> Case:
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=_WHY,
        origin=origin,
        requirements=("GZ-1",),
        init=made(build),
        expect=completes(_TREE),
    )


def _level(level: int) -> Case:
    return _case(
        f"level-{level}",
        f"zlib at level {level}",
        lambda: gzip.member(_ARCHIVE, level=level),
        "zlib manual, compression levels" if level else "catalogue Z18",
    )


def _strategy(word: str, strategy: int) -> Case:
    return _case(
        f"strategy-{word}",
        f"zlib's strategy for {word.replace('-', ' ')}",
        lambda: gzip.member(_ARCHIVE, level=9, strategy=strategy),
        "zlib manual, deflateInit2",
    )


def _tuned(window: int, memory: int) -> bytes:
    """The archive deflated with a window of ``2**window`` bytes and a memory level."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -window, memory)
    return gzip.member(_ARCHIVE, deflated=packer.compress(_ARCHIVE) + packer.flush())


def _flushed(mode: int) -> bytes:
    """The archive with a flush of this kind every few hundred bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join(
        packer.compress(_ARCHIVE[start : start + _PIECE]) + packer.flush(mode)
        for start in range(0, len(_ARCHIVE), _PIECE)
    )
    return gzip.member(_ARCHIVE, deflated=packed + packer.flush())


CASES: Final = (
    *map(_level, range(10)),
    _strategy("filtered-data", zlib.Z_FILTERED),
    _strategy("huffman-only", zlib.Z_HUFFMAN_ONLY),
    _strategy("run-lengths", zlib.Z_RLE),
    _strategy("fixed-codes", zlib.Z_FIXED),
    _case(
        "smallest-window",
        "a window of 512 bytes",
        lambda: _tuned(9, 8),
        "zlib manual, deflateInit2: windowBits",
    ),
    _case(
        "least-memory",
        "the least memory, and so the most blocks",
        lambda: _tuned(15, 1),
        "zlib manual, deflateInit2: memLevel",
    ),
    _case(
        "sync-flushes",
        "flushed to a byte every 500 bytes: empty stored blocks",
        lambda: _flushed(zlib.Z_SYNC_FLUSH),
        "zlib manual, Z_SYNC_FLUSH",
    ),
    _case(
        "full-flushes",
        "flushed every 500 bytes, nothing referred to across",
        lambda: _flushed(zlib.Z_FULL_FLUSH),
        "zlib manual, Z_FULL_FLUSH; rsyncable gzip",
    ),
    _case(
        "partial-flushes",
        "flushed to a symbol every 500 bytes: empty fixed blocks",
        lambda: _flushed(zlib.Z_PARTIAL_FLUSH),
        "zlib manual, Z_PARTIAL_FLUSH",
    ),
    _case(
        "block-flushes",
        "a new block every 500 bytes, at any bit",
        lambda: _flushed(zlib.Z_BLOCK),
        "zlib manual, Z_BLOCK",
    ),
)

"""The right digest of payloads that are awkward to hash (SUM-1).

SHA-256 works on blocks of 64 bytes and pads the last one with nine bytes at least. An
implementation of one's own goes wrong where the payload ends just before, at or behind these
borders, or where chunks end inside blocks.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import ARCHIVE, PAYLOAD, TREE, in_pieces
from injector_conformance.chapters.recipes import Named, Recipe, completes, made, whole
from injector_fixtures import gzip, tar

_BLOCK: Final = 64
_WHY: Final = "every payload of such a length is refused, one of 64 packages out of the blue"
_LARGE: Final = bytes(range(256)) * (12 << 10)


def _case(
    identity: str,
    title: str,
    init: Recipe,
    why: str,
    *,
    named: Named = TREE,
    origin: str = "FIPS 180-4, section 5.2.1: blocks of 512 bits",
) -> Case:
    return Case(
        id=f"sum-match-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("SUM-1",),
        init=init,
        expect=completes(named),
    )


def _rest(rest: int) -> bytes:
    """The sample's archive in a payload of ``rest`` bytes more than a multiple of 64."""
    bare = gzip.member(ARCHIVE, comment=b"")
    return gzip.member(ARCHIVE, comment=b"c" * ((rest - len(bare)) % _BLOCK))


_LENGTHS: Final = tuple(
    _case(
        f"length-{rest}-of-64",
        f"a payload whose length modulo 64 is {rest}: {meaning}",
        whole(_rest(rest)),
        _WHY,
        origin="FIPS 180-4, section 5.1.1: padding",
    )
    for rest, meaning in (
        (0, "its last block is full and the padding a block of its own"),
        (1, "its last block has a single byte"),
        (55, "the padding just fits in"),
        (56, "the padding needs one byte more than there is room for"),
        (57, "the length no longer fits"),
        (63, "a single byte of padding fits in"),
    )
)

_CHUNKS: Final = (
    _case(
        "one-chunk",
        "one chunk and its digest",
        whole(gzip.member(ARCHIVE)),
        "this is the ordinary case",
    ),
    _case(
        "chunks-of-64",
        "chunks as large as a block of SHA-256",
        in_pieces(PAYLOAD, *range(64, len(PAYLOAD), 64)),
        "a block that ends with its chunk is hashed twice, or not at all",
    ),
    _case(
        "chunks-of-63",
        "chunks one byte shorter than a block",
        in_pieces(PAYLOAD, *range(63, len(PAYLOAD), 63)),
        "what is left of a chunk has to be kept until the next one",
    ),
    _case(
        "chunks-of-65",
        "chunks one byte longer than a block",
        in_pieces(PAYLOAD, *range(65, len(PAYLOAD), 65)),
        "what is left of a chunk has to be kept until the next one",
    ),
    _case(
        "first-chunk-of-one-byte",
        "a chunk of one byte, then chunks of 64",
        in_pieces(PAYLOAD, *range(1, len(PAYLOAD), 64)),
        "every block begins with the last byte of a chunk",
    ),
    _case(
        "several-chunks-of-512-kib",
        "3 MiB in chunks of 512 KiB",
        made(lambda: gzip.tgz(tar.file(b"large", _LARGE))),
        "lengths in bits need more than three bytes",
        named={b"large": _LARGE},
    ),
)

CASES: Final = (*_CHUNKS, *_LENGTHS)

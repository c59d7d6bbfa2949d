"""How many chunks there are, and how large they are (PAY-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import (
    CONTROL,
    DEFLATE,
    PAYLOAD,
    SMALL,
    TRAILER,
    TREE,
    in_pieces,
    split,
)
from injector_conformance.chapters.recipes import Named, Recipe, completes, made
from injector_fixtures import gzip, tar
from injector_fixtures.layout import CHUNK_SIZE, InitDirectory, chunked, subpath

_WHY: Final = "the last chunk of all is lost or waited for, or a buffer's size shows"
_MANY: Final = 901


def _case(
    identity: str,
    title: str,
    init: Recipe,
    *,
    why: str = _WHY,
    origin: str = "the stage1 contract: chunks are cut by size alone",
    named: Named = TREE,
) -> Case:
    return Case(
        id=f"pay-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("PAY-3",),
        init=init,
        expect=completes(named),
        control=CONTROL if named is TREE else None,
    )


def _pieces_of(size: int, payload: bytes = PAYLOAD) -> Recipe:
    """The sample in chunks of this many bytes."""
    return lambda: chunked(payload, size)


def _with_empty(*places: int) -> Recipe:
    """The sample in four chunks, with an empty one before each of these."""

    def build() -> list[bytes]:
        quarter = len(PAYLOAD) // 4
        pieces = split(PAYLOAD, (quarter, 2 * quarter, 3 * quarter))
        for place in sorted(places, reverse=True):
            pieces.insert(place, b"")
        return pieces

    return lambda: subpath(build())


_LARGE: Final = bytes(range(256)) * 4088
"""Somewhat less than two chunks as Zarf cuts them."""


def _of_size(size: int) -> Recipe:
    """A payload of exactly so many bytes, which a comment in its gzip header makes up."""

    def build() -> bytes:
        archive = tar.file(b"large", _LARGE)
        room = size - len(gzip.tgz(archive, comment=b""))
        return gzip.tgz(archive, comment=b"c" * room)

    return made(build)


def _in_one_chunk() -> InitDirectory:
    payload = gzip.tgz(tar.file(b"large", _LARGE * 2))
    return chunked(payload, len(payload))


CASES: Final = (
    _case("one-chunk", "the whole payload in one chunk", in_pieces(PAYLOAD)),
    _case("two-chunks", "two chunks of equal size", in_pieces(PAYLOAD, len(PAYLOAD) // 2)),
    _case(
        "chunks-of-one-byte",
        "every byte of the payload is a chunk of its own",
        _pieces_of(1, SMALL),
        origin="catalogue K02",
    ),
    _case(
        "header-and-trailer-in-single-bytes",
        "1-byte chunks over the gzip header and the trailer, one large chunk between them",
        in_pieces(PAYLOAD, *range(1, DEFLATE + 1), *range(TRAILER, len(PAYLOAD))),
        origin="catalogue K02",
    ),
    _case("chunks-of-two-bytes", "every chunk has two bytes", _pieces_of(2, SMALL)),
    _case("chunks-of-seven-bytes", "chunks that fit no field of any format", _pieces_of(7)),
    _case("chunks-of-512-bytes", "chunks as large as a tar record", _pieces_of(512)),
    _case(
        "901-chunks",
        "901 chunks",
        in_pieces(PAYLOAD, *(number * len(PAYLOAD) // _MANY for number in range(1, _MANY))),
        why="a reader keeps all chunks open at once and runs out of descriptors",
        origin="catalogue K03",
    ),
    _case(
        "exact-multiple-of-chunk-size",
        "two full chunks of 512 KiB and nothing more",
        _of_size(2 * CHUNK_SIZE),
        named={b"large": _LARGE},
    ),
    _case(
        "one-byte-over-chunk-size",
        "two full chunks of 512 KiB and one of a single byte",
        _of_size(2 * CHUNK_SIZE + 1),
        named={b"large": _LARGE},
    ),
    _case(
        "one-byte-under-chunk-size",
        "a full chunk of 512 KiB and one that lacks a single byte",
        _of_size(2 * CHUNK_SIZE - 1),
        named={b"large": _LARGE},
    ),
    _case(
        "chunk-of-two-mebibytes",
        "one chunk of 2 MiB, more than any ConfigMap holds",
        _in_one_chunk,
        why="a reader takes what one call gives it, or what its buffer holds, for all of a chunk",
        origin="PAY-3: chunks of any size",
        named={b"large": _LARGE * 2},
    ),
    _case("empty-chunk-first", "an empty chunk first", _with_empty(0), origin="catalogue K04"),
    _case(
        "empty-chunk-amid", "an empty chunk amid others", _with_empty(2), origin="catalogue K04"
    ),
    _case("empty-chunk-last", "an empty chunk last", _with_empty(4), origin="catalogue K04"),
    _case(
        "empty-chunks-in-a-row",
        "three empty chunks in a row, amid others",
        _with_empty(2, 2, 2),
        why="a reader takes a read of no bytes for the end of the payload",
        origin="catalogue K04",
    ),
    _case(
        "empty-chunks-everywhere",
        "an empty chunk before every chunk and after the last one",
        _with_empty(0, 1, 2, 3, 4),
        why="a reader takes a read of no bytes for the end of the payload",
        origin="catalogue K04",
    ),
    _case(
        "one-chunk-with-content",
        "of four chunks only the third one is not empty",
        in_pieces(PAYLOAD, 0, 0, len(PAYLOAD)),
        origin="catalogue K04",
    ),
)

"""What happens to payloads on their way, with the digest of the undamaged one (SUM-2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import (
    ARCHIVE,
    CONTROL,
    DEFLATE,
    PAYLOAD,
    STORED,
    TRAILER,
    split,
)
from injector_conformance.chapters.recipes import FAILS_UNTOUCHED
from injector_fixtures import deflate, gzip, tar
from injector_fixtures.layout import subpath

_DIGEST: Final = hashlib.sha256(PAYLOAD).hexdigest()
_CHUNK: Final = 900


def _case(
    identity: str, title: str, chunks: Iterable[bytes], why: str, origin: str = "Zarf v0.18.0"
) -> Case:
    pieces = list(chunks)
    return Case(
        id=f"sum-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("SUM-2",),
        init=lambda: subpath(pieces),
        expect=FAILS_UNTOUCHED,
        argument=_DIGEST,
        control=CONTROL,
    )


def _flipped(place: int, bit: int = 0) -> bytes:
    """The payload with one bit of one byte inverted."""
    return PAYLOAD[:place] + bytes([PAYLOAD[place] ^ 1 << bit]) + PAYLOAD[place + 1 :]


def _flip(where: str, title: str, place: int, why: str) -> Case:
    return _case(f"flip-{where}", f"one bit inverted {title}", [_flipped(place)], why)


_UNSEEN: Final = "no decoder looks at this field: nothing but the checksum can tell"
_SEEN: Final = "decoders notice too late, when files have been written"

_FLIPS: Final = (
    _flip("magic", "in gzip's magic", 0, _SEEN),
    _flip("method", "in gzip's method", 2, _SEEN),
    _flip("text-flag", "in gzip's flags: FTEXT", 3, _UNSEEN),
    _flip("time", "in gzip's time", 5, _UNSEEN),
    _flip("extra-flags", "in gzip's extra flags", 8, _UNSEEN),
    _flip("system", "in gzip's operating system", 9, _UNSEEN),
    _flip("gzip-name", "in FNAME", 12, _UNSEEN),
    _flip("block-padding", "in the bits that fill up a stored block's first byte", DEFLATE, _SEEN),
    _flip("stored-length", "in a stored block's length", DEFLATE + 1, _SEEN),
    _flip("tar-name", "in the name of a file", STORED, _SEEN),
    _flip("tar-mode", "in the mode of a file", STORED + 105, _SEEN),
    _flip("data", "in the data of a file", STORED + 515, _SEEN),
    _flip("tar-padding", "in the padding behind a file", STORED + 600, _SEEN),
    _flip("end-of-archive", "in the last byte of the archive", TRAILER - 1, _SEEN),
    _flip("crc", "in CRC-32", TRAILER, _SEEN),
    _flip("isize", "in ISIZE", TRAILER + 4, _SEEN),
    _flip("last-byte", "in the last byte of all", len(PAYLOAD) - 1, _SEEN),
)

_OTHER_VERSION: Final = gzip.member(
    tar.archive(tar.file(b"first", b"another version of it\n")), name=b"payload.tar"
)
_PIECES: Final = split(PAYLOAD, (_CHUNK, 2 * _CHUNK, 3 * _CHUNK))

_CHUNKS: Final = (
    _case(
        "last-chunk-missing",
        "the last chunk is missing",
        _PIECES[:-1],
        "the commonest accident of all; the tail of an archive is zeros that nobody misses",
    ),
    _case(
        "first-chunk-missing",
        "the first chunk is missing",
        _PIECES[1:],
        "a pod with a volume too few must stop",
    ),
    _case(
        "middle-chunk-missing",
        "a chunk amid the others is missing",
        [*_PIECES[:1], *_PIECES[2:]],
        "a pod with a volume too few must stop",
    ),
    _case(
        "chunk-empty",
        "one chunk has lost its content",
        [*_PIECES[:2], b"", *_PIECES[3:]],
        "a ConfigMap without content passes for a chunk",
    ),
    _case(
        "chunk-cut-short",
        "the last chunk has lost its last byte",
        [*_PIECES[:-1], _PIECES[-1][:-1]],
        "one byte of the trailer is no part of any file",
    ),
    _case(
        "chunk-twice",
        "one chunk is there two times",
        [*_PIECES[:2], *_PIECES[1:]],
        "a packer that ran twice leaves chunks of both runs",
    ),
    _case(
        "chunks-swapped",
        "two chunks have each other's name",
        [_PIECES[0], _PIECES[2], _PIECES[1], *_PIECES[3:]],
        "two ConfigMaps with each other's content join to another payload",
        origin="catalogue K05: what a wrong order ends in",
    ),
    _case(
        "chunk-too-many",
        "an empty gzip member as a chunk too many",
        [*_PIECES, gzip.member()],
        "the stream stays valid and yields the same files: nothing but the checksum can tell",
        origin="catalogue K15",
    ),
    _case(
        "zeros-too-many",
        "a chunk of zeros too many",
        [*_PIECES, bytes(512)],
        "the padding is accepted by decoders: nothing but the checksum can tell",
        origin="catalogue K15",
    ),
    _case(
        "payload-of-another-version",
        "a whole and valid payload of another version",
        [_OTHER_VERSION],
        "the operator's package and what runs in the cluster are not the same",
    ),
    _case(
        "same-archive-packed-again",
        "the same archive, compressed once more by another compressor",
        [gzip.member(ARCHIVE, deflated=deflate.stream(deflate.fixed(ARCHIVE)))],
        "the checksum is that of the payload and not of what is in it",
    ),
)

CASES: Final = (*_FLIPS, *_CHUNKS)

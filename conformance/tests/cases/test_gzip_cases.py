"""The cases of chapter GZ against independent readers: zlib for streams, tarfile for archives."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zlib

import pytest

from injector_conformance.cases.case import MEBIBYTE, Case, Completes, Fails
from injector_conformance.chapters.gzip import CASES
from injector_conformance.chapters.gzip.extremes import ZEROS, ZEROS_SHA256
from injector_conformance.chapters.running import memory
from injector_fixtures.tree import Directory, Regular, Tree, regular

GZIP_ONLY = 31
VALID = [case for case in CASES if all(isinstance(one, Completes) for one in case.expect)]
NOT_BY_ITSELF = ("gz-in-gzip",)
"""A valid stream: what it holds is no archive."""
INVALID = [
    case
    for case in CASES
    if all(isinstance(one, Fails) for one in case.expect) and case.id not in NOT_BY_ITSELF
]
NOT_OF_THE_STREAM = ("TAR-8",)
MOST = 128 * MEBIBYTE


def _decompressed(payload: bytes) -> bytes:
    """Every member by zlib, which checks FHCRC, CRC-32 and ISIZE; zeros may follow.

    Of zeros behind the first 128 MiB not all are kept: four gibibytes of them are one case's.

    Raises:
        ValueError: the stream ends early, or something else follows it.
        zlib.error: zlib refuses it.
    """
    content = bytearray()
    while True:
        decoder = zlib.decompressobj(GZIP_ONLY)
        while payload and not decoder.eof:
            piece = decoder.decompress(payload, MEBIBYTE)
            if len(content) < MOST or piece != bytes(len(piece)):
                content += piece
            payload = decoder.unconsumed_tail
        if not decoder.eof:
            raise ValueError("truncated")
        payload = decoder.unused_data
        if not payload.strip(b"\0"):
            return bytes(content)
        if not payload.startswith(b"\x1f\x8b"):
            raise ValueError("trailing bytes")


def _tree(archive: bytes) -> Tree:
    tree: dict[bytes, Regular | Directory] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as opened:
        for member in opened:
            file = opened.extractfile(member)
            content = file.read() if file else b""
            tree[member.name.encode()] = Directory() if member.isdir() else regular(content)
    return tree


def _named(case: Case) -> str:
    return case.id


@pytest.mark.parametrize("case", VALID, ids=_named)
def test_valid_streams_are_valid_for_zlib_and_hold_the_expected_tree(case: Case) -> None:
    archive = _decompressed(case.init().payload)

    assert [
        one for one in case.expect if isinstance(one, Completes) and one.tree == _tree(archive)
    ]


@pytest.mark.parametrize("case", INVALID, ids=_named)
def test_invalid_streams_are_refused_by_zlib_and_their_controls_are_not(case: Case) -> None:
    assert case.control is not None
    _decompressed(case.control.init().payload)
    if case.requirements == NOT_OF_THE_STREAM:
        return

    with pytest.raises((ValueError, zlib.error)):
        _decompressed(case.init().payload)


@pytest.mark.parametrize(
    ("block", "size", "digest"),
    [
        (bytes(MEBIBYTE), ZEROS, ZEROS_SHA256),
        (bytes(MEBIBYTE), 64 * MEBIBYTE, memory.ZEROS_SHA256),
        *((memory.unit(), size, digest) for size, digest in memory.DIGESTS.items()),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_digests_that_are_not_computed(block: bytes, size: int, digest: str) -> None:
    computed = hashlib.sha256()
    for _ in range(size // len(block)):
        computed.update(block)

    assert computed.hexdigest() == digest

"""Every byte as it is in the layout, whatever their number (NAMES-11, NAMES-2)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    NAME,
    TAG,
    asks,
    blob_path,
    case,
    content,
    image,
    manifest,
    manifest_path,
    pulls,
)
from injector_conformance.exchange.expected import Answer, Body, Field
from injector_conformance.exchange.requests import get
from injector_fixtures import seeded
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Blob, artifact, blob
from injector_fixtures.oci.layout import Layout, layout

_WHY: Final = "the digest is of all bytes, and of no others"
_ORIGIN: Final = "OCI distribution specification 1.1, Pulling blobs"
_SIZES: Final = (
    0,
    1,
    511,
    512,
    513,
    1023,
    1024,
    4095,
    4096,
    4097,
    8192,
    16384,
    65535,
    65536,
    65537,
)
_LARGE: Final = 8 * 1024 * 1024


@cache
def _sized() -> tuple[Blob, ...]:
    return tuple(
        blob("application/octet-stream", seeded.noise(f"size {size}", size)) for size in _SIZES
    )


@cache
def _layout_of_sizes() -> Layout:
    return layout({f"{NAME}:{TAG}": artifact("application/vnd.example.seed", _sized())})


def _sizes() -> Iterator[Case]:
    for one in _sized():
        yield case(
            f"names-blob-of-{one.size}",
            f"a blob of {one.size:,} bytes",
            "NAMES-11",
            _WHY,
            _ORIGIN,
            asks(get(blob_path(one.digest)), content(one.data, one.digest)),
            layout=_layout_of_sizes,
        )


def _bytes() -> Iterator[Case]:
    samples_of = {
        "line-ends": b"a\r\nb\nc\r\r\n" * 50,
        "zeros": bytes(5000),
        "all-values": bytes(range(256)) * 20,
        "looks-like-gzip": b"\x1f\x8b\x08\x00" + seeded.noise("no gzip", 300),
        "looks-like-chunks": b"5\r\nhello\r\n0\r\n\r\n" * 30,
        "looks-like-an-answer": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * 20,
    }
    for word, data in samples_of.items():
        one = blob("application/octet-stream", data)

        def recipe(one: Blob = one) -> Layout:
            return layout({f"{NAME}:{TAG}": artifact("application/vnd.example.seed", [one])})

        yield case(
            f"names-bytes-{word}",
            f"a blob: {word.replace('-', ' ')}",
            "NAMES-11",
            _WHY,
            _ORIGIN,
            asks(get(blob_path(one.digest)), content(data, one.digest)),
            asks(
                get(blob_path(one.digest), (b"Accept-Encoding", b"gzip, deflate, zstd")),
                content(data, one.digest),
            ),
            layout=recipe,
        )


@cache
def _large() -> Layout:
    return samples.large_blob(_LARGE)


def _large_blob() -> Case:
    made = next(one for one in _large().blobs.values() if one.size == _LARGE)
    expected = Answer((200,), (Field("content-encoding", None),), Body(_LARGE, made.hexadecimal))
    return case(
        "names-large-blob",
        "a blob of 8 MiB",
        "NAMES-11",
        _WHY,
        _ORIGIN,
        asks(get(blob_path(made.digest)), expected, within=20.0),
        layout=_large,
    )


@cache
def _zstd() -> Layout:
    return samples.compressed_by("zstd")


CASES: Final[tuple[Case, ...]] = (
    *_sizes(),
    *_bytes(),
    _large_blob(),
    case(
        "names-empty-blob",
        "an artifact with a blob of no bytes",
        ("NAMES-11", "NAMES-2"),
        _WHY,
        _ORIGIN,
        *pulls(samples.empty_blob(), f"{NAME}:{TAG}"),
        layout=samples.empty_blob,
    ),
    case(
        "names-zstd",
        "an image whose layers are compressed by zstd",
        "NAMES-11",
        "a Content-Encoding is made of what is the image's own compression",
        _ORIGIN,
        *pulls(samples.compressed_by("zstd"), f"{NAME}:{TAG}"),
        layout=_zstd,
    ),
    case(
        "names-indented-manifest",
        "a manifest over many lines, byte for byte",
        "NAMES-11",
        "a manifest that is parsed and written anew has another digest",
        "OCI image specification 1.1, Canonicalization",
        asks(get(manifest_path()), manifest(image().manifest)),
    ),
    case(
        "names-accept-encoding",
        "a client that offers gzip for layers that are gzip already",
        ("NAMES-11", "HTTP-6"),
        "containerd undoes what a Content-Encoding claims, and gets other bytes",
        "containerd sends Accept-Encoding: gzip",
        *(
            asks(
                get(blob_path(one.digest), (b"Accept-Encoding", b"gzip")),
                content(one.data, one.digest),
            )
            for one in image().blobs
            if isinstance(one, Blob)
        ),
    ),
)

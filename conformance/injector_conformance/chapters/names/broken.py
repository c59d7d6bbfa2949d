"""Layouts that cannot be served: it fails at the start, or answers 404 or 500 (NAMES-9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NAME,
    SERVES_OR_FAILS,
    TAG,
    alive,
    asks,
    blob_path,
    case,
    content,
    control,
    image,
    manifest_path,
    plain,
)
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.requests import get, head
from injector_fixtures import gzip, tar
from injector_fixtures.layout import InitDirectory, chunked
from injector_fixtures.oci.image import Blob
from injector_fixtures.oci.layout import BASE_NAME, Layout

_WHY: Final = "a damaged package has the right checksum; the first pull must not end the injector"
_ORIGIN: Final = "SPEC.md, Decisions, What is no layout"
_AFFECTED: Final = Answer((404, 500, 502, 503))


def _text(word: str, title: str, index: bytes) -> Case:
    return case(
        f"names-broken-{word}",
        title,
        "NAMES-9",
        _WHY,
        _ORIGIN,
        asks(get(manifest_path()), _AFFECTED, CLOSED),
        asks(head(manifest_path()), _AFFECTED, CLOSED),
        *alive(),
        asks(get(manifest_path()), _AFFECTED, CLOSED),
        *alive(),
        layout=lambda: plain().with_index(index),
        expect=SERVES_OR_FAILS,
        control=control(),
    )


def _indexes() -> Iterator[Case]:
    index: dict[str, Any] = json.loads(plain().index)
    one: dict[str, Any] = index["manifests"][0]
    absent = {**one, "digest": "sha256:" + "0" * 64}
    texts: dict[str, tuple[str, bytes]] = {
        "empty": ("an index.json of no bytes", b""),
        "no-json": ("an index.json that is no JSON", b"not JSON\n"),
        "cut-short": ("an index.json that breaks off", plain().index[: len(plain().index) // 2]),
        "list": ("an index.json that is a list", b"[]"),
        "number": ("an index.json that is a number", b"7"),
        "null": ("an index.json that is null", b"null"),
        "no-manifests": ("an index.json without manifests", b'{"schemaVersion":2}'),
        "manifests-text": ("manifests that are a text", b'{"schemaVersion":2,"manifests":"x"}'),
        "manifests-null": ("manifests that are null", b'{"schemaVersion":2,"manifests":null}'),
        "manifest-number": ("a descriptor that is a number", b'{"manifests":[7]}'),
        "no-manifest": ("no descriptor at all", b'{"schemaVersion":2,"manifests":[]}'),
        "not-utf-8": (
            "an index.json that is no UTF-8",
            plain().index.replace(b"seed", b"se\xff\xfe"),
        ),
        "binary": ("an index.json of noise", bytes(range(256)) * 8),
        "zeros": ("an index.json of zeros", bytes(3000)),
        "deep": ("an index.json of 100,000 levels", b"[" * 100_000 + b"]" * 100_000),
        "manifest-absent": (
            "a descriptor whose blob is missing",
            json.dumps({**index, "manifests": [absent]}).encode(),
        ),
        "digest-missing": (
            "a descriptor without a digest",
            json.dumps(
                {**index, "manifests": [{"annotations": {BASE_NAME: f"{NAME}:{TAG}"}}]}
            ).encode(),
        ),
        "digest-dots": (
            "a descriptor whose digest leads out",
            json.dumps(
                {**index, "manifests": [{**one, "digest": "sha256:../../oci-layout"}]}
            ).encode(),
        ),
        "digest-bare": (
            "a descriptor whose digest has no algorithm",
            json.dumps({**index, "manifests": [{**one, "digest": "index.json"}]}).encode(),
        ),
        "digest-number": (
            "a descriptor whose digest is a number",
            json.dumps({**index, "manifests": [{**one, "digest": 5}]}).encode(),
        ),
    }
    for word, (title, text) in texts.items():
        yield _text(word, title, text)


def _archive(*members: bytes) -> InitDirectory:
    return chunked(gzip.tgz(*members))


def _trees() -> Iterator[Case]:
    def made(word: str, title: str, init: object, *steps: Any) -> Case:
        return case(
            f"names-broken-{word}",
            title,
            "NAMES-9",
            _WHY,
            _ORIGIN,
            *steps,
            *alive(),
            init=init,
            expect=SERVES_OR_FAILS,
            control=control(),
        )

    gone = (asks(get(manifest_path()), _AFFECTED, CLOSED),)
    yield made(
        "no-index", "an archive without index.json", lambda: _archive(tar.file(b"a")), *gone
    )
    yield made("no-members", "an archive without members", _archive, *gone)
    yield made(
        "index-directory",
        "an index.json that is a directory",
        lambda: _archive(tar.directory(b"index.json/")),
        *gone,
    )
    yield made(
        "index-dangling",
        "an index.json that is a link to nowhere",
        lambda: _archive(tar.symlink(b"index.json", b"nowhere")),
        *gone,
    )
    yield made(
        "index-loop",
        "an index.json that is a link to itself",
        lambda: _archive(tar.symlink(b"index.json", b"index.json")),
        *gone,
    )
    layer = next(one for one in image().blobs if "layer" in one.media_type)
    kept = next(
        one for one in image().blobs if "config" in one.media_type and isinstance(one, Blob)
    )

    def without() -> InitDirectory:
        return plain().without(layer.hexadecimal).init_directory()

    yield made(
        "layer-missing",
        "a layer is missing; what is there is served",
        without,
        asks(get(blob_path(layer.digest)), _AFFECTED, CLOSED),
        asks(get(blob_path(kept.digest)), content(kept.data, kept.digest)),
    )

    def directory(name: bytes) -> InitDirectory:
        found: Layout = plain().without(layer.hexadecimal)
        members = [
            tar.file(file, one.data) for file, one, _ in found.files if isinstance(one, Blob)
        ]
        return _archive(*members, tar.directory(name + b"/"))

    yield made(
        "blob-directory",
        "a blob that is a directory",
        lambda: directory(b"blobs/sha256/" + layer.hexadecimal.encode()),
        asks(get(blob_path(layer.digest)), _AFFECTED, CLOSED),
        asks(head(blob_path(layer.digest)), _AFFECTED, CLOSED),
    )


CASES: Final[tuple[Case, ...]] = (*_indexes(), *_trees())

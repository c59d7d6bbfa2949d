"""What well-formed requests are answered (HTTP-1 to HTTP-5, HTTP-20, HTTP-21, HTTP-23)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NAME,
    NOT_FOUND,
    OK,
    TAG,
    alive,
    asks,
    blob_path,
    case,
    content,
    exactly,
    image,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import EMPTY, Answer, Document, Field
from injector_conformance.exchange.requests import get, head
from injector_fixtures.oci.image import Blob

_ONE: Final = image()
_MANIFEST: Final = manifest(_ONE.manifest)
_BLOB: Final = next(one for one in _ONE.blobs if isinstance(one, Blob))
_CONTENT: Final = content(_BLOB.data, _BLOB.digest)
_ABSENT: Final = "sha256:" + "0123456789abcdef" * 4
_OCI: Final = "OCI distribution specification 1.1"


def _base() -> Iterator[Case]:
    why = "the readiness probe and the clients' first question"
    for word, request in (
        ("get", get("/v2/")),
        ("head", head("/v2/")),
        ("with-query", get("/v2/?x=1")),
        ("version-1-0", get("/v2/", version=b"1.0")),
        ("as-the-probe", get("/v2/", (b"User-Agent", b"kube-probe"), (b"Connection", b"close"))),
        ("other-host", get("/v2/", host=b"registry.example.org")),
        ("host-without-port", get("/v2/", host=b"127.0.0.1")),
        ("host-ipv6", get("/v2/", host=b"[::1]:5000")),
    ):
        yield case(
            f"http-base-{word}",
            f"{request.method.decode()} /v2/: {word.replace('-', ' ')}",
            "HTTP-1",
            why,
            f"{_OCI}, end-1; Zarf, readinessProbe",
            asks(request, OK),
            asks(request, OK),
        )
    for method, request in (("get", get("/v2")), ("head", head("/v2"))):
        yield case(
            f"http-base-without-slash-{method}",
            f"{method.upper()} /v2",
            "HTTP-1a",
            "people write it so",
            "zarf-injector v0.2.0",
            asks(request, Answer((200, 301, 307, 308))),
        )


def _heads() -> Iterator[Case]:
    why = "runtimes resolve a tag by HEAD, and pull what it says"
    origin = "docker, containerd (measured); RFC 9110, section 9.3.2"
    for word, reference in (("tag", TAG), ("digest", _ONE.digest)):
        target = manifest_path(reference)
        yield case(
            f"http-manifest-head-{word}",
            f"HEAD of a manifest by {word}, then GET on the same connection",
            "HTTP-2",
            why,
            origin,
            asks(head(target), manifest(_ONE.manifest, is_head=True)),
            asks(get(target), _MANIFEST),
            asks(head(target), manifest(_ONE.manifest, is_head=True)),
        )
    target = blob_path(_BLOB.digest)
    yield case(
        "http-blob-head",
        "HEAD of a blob, then GET on the same connection",
        "HTTP-3",
        "clients believe what they are told, and find fault with the bytes",
        f"{_OCI}, Pulling blobs; RFC 9110, section 8.6",
        asks(head(target), content(_BLOB.data, _BLOB.digest, is_head=True)),
        asks(get(target), _CONTENT),
    )
    yield case(
        "http-blob-of-another-digest",
        "every blob tells its own digest",
        "HTTP-3",
        "a digest that is another blob's makes clients throw the bytes away",
        f"{_OCI}, Pulling blobs",
        *(
            asks(get(blob_path(one.digest)), content(one.data, one.digest))
            for one in _ONE.blobs
            if isinstance(one, Blob)
        ),
    )
    told = (
        exactly("content-length", str(_BLOB.size)),
        exactly("docker-content-digest", _BLOB.digest),
    )
    for word, request in (("get", get(target)), ("head", head(target))):
        yield case(
            f"http-blob-told-{word}",
            f"{word.upper()} of a blob tells its length and digest",
            "HTTP-3a",
            "a client that knows the length can show progress, and resume",
            f"{_OCI}, Checking if content exists in the registry",
            asks(request, Answer((200,), told)),
        )


def _unknown() -> Iterator[Case]:
    for word, target in (
        ("tag", manifest_path("absent")),
        ("name", manifest_path(TAG, "library/absent")),
        ("manifest-digest", manifest_path(_ABSENT)),
        ("blob", blob_path(_ABSENT)),
        ("blob-of-another-name", blob_path(_ABSENT, "other/name")),
    ):
        yield case(
            f"http-unknown-{word}",
            f"what the layout has not: {word.replace('-', ' ')}",
            "HTTP-4",
            "every client takes 404 for not here, and anything else for an error",
            f"{_OCI}, end-2 and end-3",
            asks(get(target), NOT_FOUND),
            asks(head(target), Answer((404,), (), EMPTY)),
            asks(get(manifest_path()), _MANIFEST),
        )
        yield case(
            f"http-unknown-{word}-in-json",
            f"the same, with an answer that says what is wrong: {word.replace('-', ' ')}",
            "HTTP-5",
            "docker shows its user whatever else comes as garbage",
            f"{_OCI}, Error Codes",
            asks(get(target), Answer((404,), (), Document("errors"))),
        )


def _others() -> Iterator[Case]:
    index = Answer((200,), (), Document("index"))
    for word, digest in (("of-the-image", _ONE.digest), ("of-nothing", _ABSENT)):
        yield case(
            f"http-referrers-{word}",
            f"referrers {word.replace('-', ' ')}",
            "HTTP-20",
            "regctl and oras read what comes as an index",
            f"{_OCI}, end-12a",
            asks(get(f"/v2/{NAME}/referrers/{digest}"), NOT_FOUND, index),
        )
    yield case(
        "http-referrers-by-tag",
        "the tag that stands for referrers where there is no such endpoint",
        "HTTP-20",
        "regctl and oras ask for it next",
        f"{_OCI}, Referrers Tag Schema",
        asks(get(manifest_path(_ONE.digest.replace(":", "-"))), NOT_FOUND),
    )
    bare = replace(get("/v2/"), host=None)
    for word, request in (
        ("missing", bare),
        ("twice", replace(bare, fields=((b"Host", b"a"), (b"Host", b"b")))),
        ("with-a-space", get("/v2/", host=b"a b")),
    ):
        yield case(
            f"http-host-{word}",
            f"a Host that is {word.replace('-', ' ')}",
            "HTTP-21",
            "it is the mark of a request that two readers understand differently",
            "RFC 9112, section 3.2",
            asks(request, Answer((400,)), CLOSED),
            *alive(),
        )
    quoted = Field("etag", r'(W/)?"[!#-~]*"', is_required=False)
    yield case(
        "http-etag",
        "an ETag, where one is sent, is quoted",
        "HTTP-21a",
        "a bare ETag is not well-formed",
        "RFC 9110, section 8.8.3",
        asks(get(manifest_path()), Answer((200,), (quoted,))),
        asks(get(blob_path(_BLOB.digest)), Answer((200,), (quoted,))),
    )
    version = exactly("docker-distribution-api-version", "registry/2.0")
    yield case(
        "http-api-version",
        "/v2/ tells the version of the interface",
        "HTTP-21a",
        "docker of old looks for it",
        f"{_OCI}, Legacy Docker support HTTP headers",
        asks(get("/v2/"), Answer((200,), (version,))),
    )
    for word, request in (
        ("catalog", get("/v2/_catalog")),
        ("trailing-slash", get(manifest_path() + "/")),
        ("two-slashes", get(f"/v2//{NAME}/manifests/{TAG}")),
        ("conditional", get(manifest_path(), (b"If-None-Match", b'"x"'))),
        ("absolute", get(f"http://127.0.0.1:5000{manifest_path()}")),
    ):
        yield case(
            f"http-free-{word}",
            f"what no client needs: {word.replace('-', ' ')}",
            "HTTP-23",
            "whatever it means, others go on being answered",
            "SPEC.md, HTTP-23",
            asks(request, Answer(range(200, 600)), CLOSED),
            *alive(),
        )


CASES: Final[tuple[Case, ...]] = (
    *_base(),
    *_heads(),
    *_unknown(),
    *_others(),
)

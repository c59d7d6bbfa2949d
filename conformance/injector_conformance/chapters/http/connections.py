"""One connection, many requests: order and ends (HTTP-13, HTTP-14, HTTP-15)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NOT_FOUND,
    OK,
    alive,
    asks,
    blob_path,
    case,
    content,
    image,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import Answer, Field, Truncated
from injector_conformance.exchange.requests import Request, get, head
from injector_conformance.exchange.steps import Again, Open, Read, Send, Signal, Wait
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Blob
from injector_fixtures.oci.layout import Layout

_ONE: Final = image()
_MANIFEST: Final = manifest(_ONE.manifest)
_BLOB: Final = next(one for one in _ONE.blobs if isinstance(one, Blob))
_CONTENT: Final = content(_BLOB.data, _BLOB.digest)
_KEPT: Final = "clients reuse connections, and send the next request before the last answer"
_RFC: Final = "RFC 9112, section 9.3"


def _kept() -> Iterator[Case]:
    yield case(
        "http-kept",
        "forty requests of all sorts on one connection",
        "HTTP-13",
        _KEPT,
        _RFC,
        *(
            step
            for _ in range(8)
            for step in (
                asks(get("/v2/"), OK),
                asks(head(manifest_path()), manifest(_ONE.manifest, is_head=True)),
                asks(get(manifest_path()), _MANIFEST),
                asks(get(manifest_path("absent")), NOT_FOUND),
                asks(get(blob_path(_BLOB.digest)), _CONTENT),
            )
        ),
    )
    for word, requests, expect in (
        (
            "get",
            (get("/v2/"), get(manifest_path()), get(manifest_path("absent"))),
            (OK, _MANIFEST, NOT_FOUND),
        ),
        (
            "blobs",
            (get(blob_path(_BLOB.digest)), get(manifest_path()), get(blob_path(_BLOB.digest))),
            (_CONTENT, _MANIFEST, _CONTENT),
        ),
        (
            "head",
            (head(manifest_path()), head("/v2/"), get(manifest_path())),
            (manifest(_ONE.manifest, is_head=True), OK, _MANIFEST),
        ),
    ):
        yield case(
            f"http-pipelined-{word}",
            f"three requests sent at once, answered in order: {word}",
            "HTTP-13",
            _KEPT,
            "RFC 9112, section 9.3.2",
            Open(),
            Send(b"".join(one.encoded for one in requests)),
            Read((expect[0],), method=requests[0].method),
            *(
                Read((one, CLOSED), method=request.method)
                for one, request in zip(expect[1:], requests[1:], strict=True)
            ),
            *alive(),
        )
    yield case(
        "http-pipelined-many",
        "a hundred requests sent at once",
        "HTTP-13",
        _KEPT,
        "RFC 9112, section 9.3.2",
        Open(),
        Send(get("/v2/").encoded * 100),
        Read((OK,)),
        *(Read((OK, CLOSED)) for _ in range(99)),
        *alive(),
    )
    for word, value in (("close", b"close"), ("upper-case", b"CLOSE"), ("list", b"te, close")):
        yield case(
            f"http-close-{word}",
            f"Connection: {value.decode()}",
            "HTTP-13",
            "the client waits for the end that it asked for",
            "RFC 9112, section 9.6",
            asks(get("/v2/", (b"Connection", value)), replace(OK, is_last=True)),
            asks(get(manifest_path(), (b"Connection", value)), replace(_MANIFEST, is_last=True)),
        )
    expecting = Request(
        b"PUT",
        manifest_path().encode(),
        ((b"Content-Length", b"5"), (b"Expect", b"100-continue")),
    )
    yield case(
        "http-expect",
        "a request that waits for leave to send its body",
        "HTTP-13",
        "the client waits for a word that does not come",
        "RFC 9110, section 10.1.1",
        Open(),
        Send(expecting.encoded),
        # As clients do that are not answered: RFC 9110 has nobody wait for ever.
        Wait(0.1),
        Send(b"hello"),
        # That it is refused is HTTP-9's.
        Read((Answer(range(200, 600)), CLOSED)),
        *alive(),
    )


def _old() -> Iterator[Case]:
    plain = (Field("transfer-encoding", None),)
    for word, request, expected in (
        ("base", get("/v2/", version=b"1.0"), OK),
        ("manifest", get(manifest_path(), version=b"1.0"), _MANIFEST),
        ("blob", get(blob_path(_BLOB.digest), version=b"1.0"), _CONTENT),
        ("unknown", get(manifest_path("absent"), version=b"1.0"), NOT_FOUND),
        ("head", head(manifest_path(), version=b"1.0"), manifest(_ONE.manifest, is_head=True)),
        ("no-host", replace(get(manifest_path(), version=b"1.0"), host=None), _MANIFEST),
    ):
        yield case(
            f"http-1-0-{word}",
            f"a request of HTTP/1.0: {word.replace('-', ' ')}",
            "HTTP-14",
            "old proxies and probes read to the end of the connection",
            "RFC 9112, sections 6.1 and 9.3",
            asks(request, replace(expected, fields=(*expected.fields, *plain), is_last=True)),
        )
    for word, target, expected in (
        ("manifest", manifest_path(), _MANIFEST),
        ("blob", blob_path(_BLOB.digest), _CONTENT),
    ):
        request = get(target, (b"Connection", b"keep-alive"), version=b"1.0")
        yield case(
            f"http-1-0-kept-{word}",
            f"a request of HTTP/1.0 that asks to keep the connection: {word}",
            "HTTP-14",
            "a body that ends with the connection must end it",
            "RFC 9112, section 9.3",
            asks(request, replace(expected, fields=(*expected.fields, *plain))),
            asks(request, replace(expected, fields=(*expected.fields, *plain))),
        )


@cache
def _large() -> Layout:
    return samples.large_blob(8 * 1024 * 1024)


def _cut() -> Iterator[Case]:
    largest = max(_large().blobs.values(), key=lambda one: one.size)
    for word, number in (("killed", signal.SIGKILL), ("terminated", signal.SIGTERM)):
        yield case(
            f"http-cut-{word}",
            f"the injector is {word} in the middle of a blob",
            "HTTP-15",
            "a layer that breaks off unnoticed is found out much later, as damage",
            "RFC 9112, sections 6.3 and 8",
            Open(is_narrow=True),
            Send(get(blob_path(largest.digest)).encoded),
            Wait(0.3),
            Signal(number),
            Wait(0.2),
            Read((Truncated(), Answer((200,), (), None)), within=10.0)
            if word == "terminated"
            else Read((Truncated(),), within=10.0),
            layout=_large,
        )
    yield case(
        "http-old-answers-to-new-requests",
        "an answer to HTTP/1.1 has a length or chunks",
        "HTTP-15",
        "a body up to the end of the connection cannot be told from one that broke off",
        "RFC 9112, section 6.3",
        *(
            Again(
                (asks(get(target), replace(expected, fields=(*expected.fields,))),),
                2,
            )
            for target, expected in ((blob_path(_BLOB.digest), _CONTENT), ("/v2/", OK))
        ),
    )


CASES: Final[tuple[Case, ...]] = (*_kept(), *_old(), *_cut())

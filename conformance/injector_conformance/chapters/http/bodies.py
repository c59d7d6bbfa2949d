"""Bodies of requests, and ends that readers see differently (HTTP-13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NOT_FOUND,
    REFUSED,
    alive,
    case,
    manifest_path,
)
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import Open, Read, Send, Wait

_ABSENT: Final = get(manifest_path("absent")).encoded
_CWE: Final = "RFC 9112, section 11.2; CWE-444"

_SMUGGLED: Final = get("/v2/").encoded
"""What stands in bodies: whoever takes it for a request answers 200."""

_HALF: Final = len(_SMUGGLED)


def _chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


_HEAD: Final = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1:5000\r\n"
_LENGTH: Final = b"Content-Length: %d\r\n" % _HALF

_BODIES: Final[dict[str, tuple[bytes, str]]] = {
    "length": (_LENGTH + b"\r\n" + _SMUGGLED, "a body with a length"),
    "chunks": (b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(_SMUGGLED), "a body in chunks"),
    "chunk-extension": (
        b"Transfer-Encoding: chunked\r\n\r\n%x;a=b\r\n%s\r\n0\r\n\r\n" % (_HALF, _SMUGGLED),
        "a chunk with an extension",
    ),
    "trailers": (
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\nX: y\r\n\r\n" % (_HALF, _SMUGGLED),
        "chunks with a trailer",
    ),
    "upper-case-coding": (
        b"TRANSFER-ENCODING: CHUNKED\r\n\r\n" + _chunked(_SMUGGLED),
        "chunks, in upper case",
    ),
    "length-twice": (_LENGTH + _LENGTH + b"\r\n" + _SMUGGLED, "the same length twice"),
    "leading-zeros": (b"Content-Length: 000%d\r\n\r\n" % _HALF + _SMUGGLED, "a length with zeros"),
}

_AMBIGUOUS: Final[dict[str, tuple[bytes, str]]] = {
    "length-and-chunks": (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + _chunked(_SMUGGLED),
        "a length, and chunks that are longer",
    ),
    "chunks-and-length": (
        b"Transfer-Encoding: chunked\r\n%s\r\n0\r\n\r\n"
        % (b"Content-Length: %d\r\n" % (_HALF + 5))
        + _SMUGGLED,
        "chunks, and a length that is longer",
    ),
    "coding-with-a-tab": (
        b"Transfer-Encoding:\tchunked\r\n\r\n" + _chunked(_SMUGGLED),
        "a coding behind a tab",
    ),
    "coding-odd": (
        b"%sTransfer-Encoding: xchunked\r\n\r\n" % _LENGTH + _SMUGGLED,
        "a coding that looks like chunks, and a length",
    ),
    "coding-twice": (
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n%s\r\n" % _LENGTH
        + _SMUGGLED,
        "two codings, and a length",
    ),
    "space-before-colon": (
        b"Content-Length : %d\r\n\r\n" % _HALF + _SMUGGLED,
        "a length with a space before its colon",
    ),
    "length-list": (
        b"Content-Length: %d, %d\r\n\r\n" % (_HALF, _HALF) + _SMUGGLED,
        "a list of two equal lengths",
    ),
    "folded": (
        b"X: a\r\n Content-Length: %d\r\n\r\n" % _HALF + _ABSENT,
        "a folded field that looks like a length",
    ),
    "chunk-size-bad": (
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + _SMUGGLED,
        "a chunk's size that is no number",
    ),
    "chunk-size-negative": (
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + _SMUGGLED,
        "a chunk's size below zero",
    ),
    "chunk-size-huge": (
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff0\r\n" + _SMUGGLED,
        "a chunk's size that no number holds",
    ),
    "chunk-end-missing": (
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcX0\r\n\r\n" + _SMUGGLED[:0],
        "a chunk that does not end where it says",
    ),
    "bare-lf-in-chunks": (
        b"Transfer-Encoding: chunked\r\n\r\n%x\n%s\n0\n\n" % (_HALF, _SMUGGLED),
        "chunks whose lines end in LF",
    ),
    "version-1-0-chunks": (b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(_SMUGGLED), "in 1.0"),
}


def _bodies() -> Iterator[Case]:
    why = "a body that is taken for a request lets one client speak for another"
    for method in (b"GET", b"POST"):
        for word, (rest, title) in _BODIES.items():
            target = b"/v2/library/seed/manifests/absent" if method == b"GET" else b"/v2/x/y"
            yield case(
                f"http-body-{method.decode().lower()}-{word}",
                f"{method.decode()} with {title}, in which a request stands",
                "HTTP-13",
                why,
                _CWE,
                Open(),
                Send(_HEAD % (method, target) + rest + _ABSENT),
                Read((REFUSED, CLOSED)),
                Read((NOT_FOUND, CLOSED)),
                *alive(),
            )
        for word, (rest, title) in _AMBIGUOUS.items():
            start = _HEAD % (method, b"/v2/library/seed/manifests/absent")
            if "1-0" in word:
                start = start.replace(b"HTTP/1.1", b"HTTP/1.0")
            yield case(
                f"http-smuggling-{method.decode().lower()}-{word}",
                f"{method.decode()} whose end readers see differently: {title}",
                "HTTP-13",
                why,
                _CWE,
                Open(),
                Send(start + rest + _ABSENT),
                Read((REFUSED, CLOSED)),
                Read((REFUSED, CLOSED), within=0.5) if word != "chunk-size-huge" else Wait(0.1),
                *alive(),
            )


CASES: Final[tuple[Case, ...]] = tuple(_bodies())

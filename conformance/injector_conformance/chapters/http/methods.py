"""Methods other than GET and HEAD: nothing changes (HTTP-9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    NAME,
    alive,
    asks,
    blob_path,
    case,
    image,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import Answer, Field
from injector_conformance.exchange.requests import Request, get

_REFUSED: Final = (Answer(range(400, 500)), Answer((501,)))
_DIGEST: Final = image().digest
_KNOWN: Final = manifest(image().manifest)
_ABSENT: Final = "sha256:" + "0" * 64

_REQUESTS: Final[dict[str, tuple[bytes, str]]] = {
    "put-manifest": (b"PUT", manifest_path()),
    "put-new-manifest": (b"PUT", manifest_path("new")),
    "delete-manifest": (b"DELETE", manifest_path(_DIGEST)),
    "delete-tag": (b"DELETE", manifest_path()),
    "delete-blob": (b"DELETE", blob_path(next(iter(image().blobs)).digest)),
    "post-upload": (b"POST", f"/v2/{NAME}/blobs/uploads/"),
    "post-mount": (b"POST", f"/v2/{NAME}/blobs/uploads/?mount={_ABSENT}&from=a"),
    "patch-upload": (b"PATCH", f"/v2/{NAME}/blobs/uploads/1"),
    "put-upload": (b"PUT", f"/v2/{NAME}/blobs/uploads/1?digest={_ABSENT}"),
    "put-base": (b"PUT", "/v2/"),
    "post-base": (b"POST", "/v2/"),
    "post-manifest": (b"POST", manifest_path()),
    "unknown-method": (b"FROBNICATE", manifest_path()),
    "lower-case-method": (b"get", manifest_path()),
    "trace": (b"TRACE", manifest_path()),
}


def _each() -> Iterator[Case]:
    for word, (method, target) in _REQUESTS.items():
        for with_body in (False, True):
            data = image().manifest.data if with_body else b""
            fields = ((b"Content-Length", str(len(data)).encode()),)
            request = Request(method, target.encode(), fields, data)
            yield case(
                f"http-method-{word}{'-with-body' if with_body else ''}",
                f"{method.decode()} {target.partition('?')[0][:60]}"
                f"{', with a body' if with_body else ''}",
                "HTTP-9a" if word.endswith("-base") else "HTTP-9",
                "the registry is for pulling; anybody on the node's network can reach it",
                "RFC 9110, sections 9.1 and 15.5.6",
                asks(request, *_REFUSED),
                asks(get(manifest_path()), _KNOWN),
                asks(get(manifest_path("new")), Answer((404,))),
                *alive(),
            )
    for word in ("put-manifest", "delete-manifest", "post-upload"):
        method, target = _REQUESTS[word]
        request = Request(method, target.encode(), ((b"Content-Length", b"0"),))
        yield case(
            f"http-method-{word}-says-allow",
            f"{method.decode()} {target[:50]}: what would be allowed",
            "HTTP-9a",
            "it says what would be allowed",
            "RFC 9110, section 15.5.6",
            asks(request, Answer((405,), (Field("allow", ".*GET.*"),))),
        )


CASES: Final[tuple[Case, ...]] = tuple(_each())

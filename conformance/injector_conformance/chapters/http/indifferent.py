"""What must make no difference: types, unknown fields, queries, escapes (HTTP-6 to 8, HTTP-22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    OK,
    TAG,
    alive,
    asks,
    blob_path,
    case,
    content,
    image,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.requests import Fields, Request, get, head
from injector_fixtures.oci.image import Blob

_ONE: Final = image()
_MANIFEST: Final = manifest(_ONE.manifest)
_BLOB: Final = next(one for one in _ONE.blobs if isinstance(one, Blob))
_CONTENT: Final = content(_BLOB.data, _BLOB.digest)

_LIST: Final = (
    b"application/vnd.docker.distribution.manifest.v2+json,"
    b" application/vnd.docker.distribution.manifest.list.v2+json,"
    b" application/vnd.oci.image.manifest.v1+json,"
    b" application/vnd.oci.image.index.v1+json, */*"
)

_ACCEPTS: Final[dict[str, tuple[Fields, str]]] = {
    "none": ((), "no Accept"),
    "anything": (((b"Accept", b"*/*"),), "Accept: */*"),
    "one-type": (((b"Accept", b"application/vnd.oci.image.manifest.v1+json"),), "the one type"),
    "other-type": (((b"Accept", b"text/html"),), "a type that no manifest has"),
    "docker-type": (
        ((b"Accept", b"application/vnd.docker.distribution.manifest.v2+json"),),
        "Docker's type for an OCI manifest",
    ),
    "refused": (((b"Accept", b"*/*;q=0"),), "nothing at all accepted"),
    "list": (((b"Accept", _LIST),), "containerd's list in one field"),
    "many-fields": (
        tuple(
            (b"Accept", one)
            for one in (
                b"application/vnd.oci.image.index.v1+json",
                b"application/vnd.docker.distribution.manifest.list.v2+json",
                b"application/vnd.docker.distribution.manifest.v1+prettyjws",
                b"application/json",
                b"application/vnd.docker.distribution.manifest.v1+json",
                b"application/vnd.docker.distribution.manifest.v2+json",
                b"application/vnd.oci.image.manifest.v1+json",
            )
        ),
        "seven fields, as skopeo sends them",
    ),
    "broken": (((b"Accept", b";;,/,q=x"),), "an Accept that is none"),
    "empty": (((b"Accept", b""),), "an empty Accept"),
}

_FIELDS: Final[dict[str, tuple[Fields, str]]] = {
    "basic": (((b"Authorization", b"Basic dXNlcjpwYXNz"),), "credentials"),
    "bearer": (((b"Authorization", b"Bearer " + b"x" * 2000),), "a long token"),
    "nonsense": (((b"Authorization", b"\x7f?"[1:]),), "an Authorization that is none"),
    "cookie": (((b"Cookie", b"a=b; c=d"),), "a cookie"),
    "forwarded": (
        ((b"X-Forwarded-Proto", b"https"), (b"X-Forwarded-Host", b"example.org")),
        "fields of a proxy",
    ),
    "probe": (((b"User-Agent", b"kube-probe/1.30"), (b"Connection", b"close")), "the probe's"),
    "unknown": (((b"X-Odd_Name.1!", b"a \t b"),), "a field that nobody knows"),
    "empty-value": (((b"X-Empty", b""),), "a field without a value"),
    "latin": (((b"X-Latin", b"\xe9\xff"),), "a value beyond ASCII"),
    "languages": (((b"Accept-Language", b"de"), (b"Accept-Charset", b"x")), "other preferences"),
    "upgrade": (((b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")), "an offer to upgrade"),
    "te": (((b"TE", b"trailers"), (b"Connection", b"TE")), "TE: trailers"),
    "max-forwards": (((b"Max-Forwards", b"0"),), "Max-Forwards"),
    "upper-case": (((b"USER-AGENT", b"X"), (b"aCCEPT-encoding", b"x")), "names in odd case"),
}


def _indifferent() -> Iterator[Case]:
    targets = {
        "manifest": (manifest_path(), _MANIFEST),
        "blob": (blob_path(_BLOB.digest), _CONTENT),
    }
    for word, (fields, title) in _ACCEPTS.items():
        yield case(
            f"http-accept-{word}",
            f"a manifest and a blob, with {title}",
            "HTTP-6",
            "a manifest that is there is refused for its type",
            "Zarf v0.34.0: before it, 406; RFC 9110, section 12.5.1",
            *(
                asks(Request(b"GET", target.encode(), fields), expected)
                for target, expected in targets.values()
            ),
            asks(
                Request(b"HEAD", manifest_path().encode(), fields),
                manifest(_ONE.manifest, is_head=True),
            ),
        )
    for word, (fields, title) in _FIELDS.items():
        yield case(
            f"http-field-{word}",
            f"a manifest, with {title}",
            "HTTP-22",
            "there is nothing to authenticate against, and a 401 ends the pull",
            "RFC 9110, section 5.1",
            asks(get(manifest_path(), *fields), _MANIFEST),
            asks(get("/v2/", *fields), OK),
        )
    for word, query in (
        ("namespace", "?ns=docker.io"),
        ("empty", "?"),
        ("slashes", "?/../../x/manifests/y"),
        ("encoded", "?%zz=%00&a=b"),
        ("question-marks", "???"),
        ("semicolons", "?a;b;c=d"),
    ):
        yield case(
            f"http-query-{word}",
            f"a query: {word.replace('-', ' ')}",
            "HTTP-7",
            "containerd adds ?ns= for a mirror",
            "containerd, registry hosts",
            asks(get(manifest_path() + query), _MANIFEST),
            asks(head(manifest_path() + query), manifest(_ONE.manifest, is_head=True)),
            asks(get(blob_path(_BLOB.digest) + query), _CONTENT),
        )


def _encoded() -> Iterator[Case]:
    digest = _BLOB.digest
    for word, target, expected in (
        ("colon", blob_path(digest.replace(":", "%3A")), _CONTENT),
        ("lower-case-colon", blob_path(digest.replace(":", "%3a")), _CONTENT),
        ("digit", blob_path(f"{digest[:-1]}%{ord(digest[-1]):02x}"), _CONTENT),
        ("dots-of-a-tag", manifest_path(TAG.replace(".", "%2E")), _MANIFEST),
        ("letter-of-a-name", manifest_path(TAG, "library/se%65d"), _MANIFEST),
        ("tilde-nowhere", manifest_path(TAG, "%6cibrary/seed"), _MANIFEST),
    ):
        yield case(
            f"http-encoded-{word}",
            f"percent-encoded: {word.replace('-', ' ')}",
            "HTTP-8a",
            "some clients encode the colon of a digest",
            "RFC 3986, section 6.2.2.2",
            asks(get(target), expected),
        )
    for word, target in (
        ("colon-twice", blob_path(digest.replace(":", "%253A"))),
        ("dot-twice", manifest_path(TAG.replace(".", "%252e"))),
        ("slash-twice", f"/v2/library%252Fseed/manifests/{TAG}"),
        ("percent-twice", manifest_path("3.1.1%2525")),
    ):
        yield case(
            f"http-encoded-{word}",
            f"encoded twice, which means something else: {word.replace('-', ' ')}",
            "HTTP-8",
            "what is checked before it is decoded is not what is opened",
            "CWE-174",
            asks(get(target), Answer((400, 404))),
            asks(get(manifest_path()), _MANIFEST),
        )
    for word, target in (
        ("not-hexadecimal", manifest_path("%zz")),
        ("cut-short", manifest_path("3.1.1%")),
        ("one-digit", manifest_path("3.1.1%2")),
    ):
        yield case(
            f"http-encoded-{word}",
            f"an escape that is none: {word.replace('-', ' ')}",
            "HTTP-8",
            "what cannot be decoded must not be taken for something that is there",
            "RFC 3986, section 2.1",
            asks(get(target), Answer((400, 404)), CLOSED),
            *alive(),
        )


CASES: Final[tuple[Case, ...]] = (*_indifferent(), *_encoded())

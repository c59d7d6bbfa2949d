"""References that are none, plain and encoded: no byte from outside of the blobs (NAMES-6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NAME,
    NOTHING,
    alive,
    asks,
    case,
    image,
    plain,
)
from injector_conformance.exchange.expected import EMPTY, Answer
from injector_conformance.exchange.requests import get, head
from injector_fixtures import gzip, tar
from injector_fixtures.layout import InitDirectory, chunked
from injector_fixtures.oci.image import Blob

_WHY: Final = "the reference becomes a path, and any file of the container is served"
_ORIGIN: Final = "CWE-22; OCI image specification 1.1, Digests"

_HEX: Final = image().digest.removeprefix("sha256:")

_REFERENCES: Final[dict[str, tuple[str, str]]] = {
    "nothing": ("sha256:", "an algorithm without a digest"),
    "dot": ("sha256:.", "a dot for a digest"),
    "dots": ("sha256:..", "two dots for a digest"),
    "short": (f"sha256:{_HEX[:-1]}", "a digit too few"),
    "long": (f"sha256:{_HEX}0", "a digit too many"),
    "upper-case": (f"sha256:{_HEX.upper()}", "a digest in upper case"),
    "upper-algorithm": (f"SHA256:{_HEX}", "the algorithm in upper case"),
    "other-algorithm": (f"sha512:{_HEX}{_HEX}", "another algorithm"),
    "no-algorithm": (_HEX, "a digest without its algorithm"),
    "no-colon": (f"sha256{_HEX}", "a digest without its colon"),
    "hyphen": (f"sha256-{_HEX}", "a hyphen in place of the colon"),
    "two-colons": (f"sha256::{_HEX}", "two colons"),
    "not-hex": (f"sha256:{'g' * 64}", "letters that are no digits"),
    "space-before": (f"sha256:%20{_HEX[:-1]}", "an encoded space in a digest"),
    "nul-behind": (f"sha256:{_HEX}%00", "an encoded NUL behind a digest"),
    "nul-and-more": (f"sha256:{_HEX}%00.json", "an encoded NUL and more behind a digest"),
    "newline-behind": (f"sha256:{_HEX}%0a", "an encoded line end behind a digest"),
    "full-width": (f"sha256:%ef%bc%90{_HEX[:-1]}", "a digit that is none of ASCII"),
    "twice-encoded": (f"sha256%253A{_HEX}", "a colon that is encoded twice"),
    "passwd": ("sha256:../../../../../../etc/passwd", "a path to another file"),
    "index": ("sha256:../../index.json", "a path to index.json"),
    "marker": ("sha256:..%2f..%2foci-layout", "an encoded path to oci-layout"),
    "chunk": ("sha256:..%2f..%2f..%2fzarf-init%2fzarf-payload-000", "a path to a chunk"),
    "canary": ("sha256:%2e%2e%2f%2e%2e%2f%2e%2e%2fcanary%2ffile", "dots and slashes encoded"),
    "canary-twice": ("sha256:%252e%252e%252f%252e%252e%252fcanary", "the same encoded twice"),
    "backslashes": ("sha256:..%5c..%5cindex.json", "backslashes"),
    "overlong": ("sha256:%c0%ae%c0%ae/%c0%ae%c0%ae/index.json", "dots in overlong UTF-8"),
    "own-directory": (f"sha256:.%2f{_HEX}", "a detour through the directory itself"),
    "absolute": ("sha256:%2fcanary%2ffile", "an absolute path"),
    "tag-dots": ("..", "two dots for a tag"),
    "tag-slash": ("..%2findex.json", "a path for a tag"),
    "tag-absolute": ("%2fcanary%2ffile", "an absolute path for a tag"),
    "tag-long": ("a" * 4000, "a tag of 4,000 characters"),
    "tag-nul": ("3.1.1%00", "a tag with an encoded NUL behind it"),
    "tag-space": ("3.1.1%20", "a tag with a space behind it"),
    "tag-not-utf-8": ("%ff%fe", "a tag that is no UTF-8"),
    "tag-hash": ("3.1.1%23x", "a tag with an encoded number sign"),
}


def _each() -> Iterator[Case]:
    for word, (reference, title) in _REFERENCES.items():
        kinds = ("manifests",) if word.startswith("tag-") else ("manifests", "blobs")
        targets = [f"/v2/{NAME}/{kind}/{reference}" for kind in kinds]
        yield case(
            f"names-reference-{word}",
            title,
            ("NAMES-6", "HTTP-8") if "%25" in reference else "NAMES-6",
            _WHY,
            _ORIGIN,
            *(asks(get(target), NOTHING, CLOSED) for target in targets),
            *(asks(head(target), NOTHING, CLOSED) for target in targets),
            *alive(),
        )


_BLANK: Final = Answer((200,), (), EMPTY)
"""Some say at the root that they are there, by nothing."""

_NAMES: Final[dict[str, tuple[str, str]]] = {
    "dots": ("/v2/../../canary/file", "two dots in place of a name"),
    "dots-inside": ("/v2/library/../../../canary/manifests/file", "two dots in a name"),
    "encoded-dots": ("/v2/%2e%2e/%2e%2e/canary/file", "encoded dots in place of a name"),
    "outside": ("/canary/file", "a path outside of /v2/"),
    "blobs": (f"/blobs/sha256/{_HEX}", "the path of a blob in the layout"),
    "index": ("/index.json", "the path of index.json in the layout"),
    "v2-index": ("/v2/index.json", "index.json below /v2/"),
    "v2-layout": ("/v2/library/seed/oci-layout", "oci-layout below a name"),
    "root": ("/", "the root"),
    "empty-name": (f"/v2//blobs/sha256:{_HEX}x", "an empty name, and no digest"),
}


def _paths() -> Iterator[Case]:
    for word, (target, title) in _NAMES.items():
        yield case(
            f"names-path-{word}",
            title,
            "NAMES-6",
            _WHY,
            _ORIGIN,
            asks(get(target), NOTHING, CLOSED, *((_BLANK,) if word == "root" else ())),
            *alive(),
        )


def _beside() -> InitDirectory:
    """The layout with files among its blobs that are named by no digest."""
    members = [tar.file(name, one.data) for name, one, _ in plain().files if isinstance(one, Blob)]
    others = [tar.file(b"blobs/sha256/" + name, b"secret") for name in (b"notes", b"a" * 63)]
    return chunked(gzip.tgz(*members, *others))


def _files_beside() -> Case:
    return case(
        "names-reference-file-beside",
        "files among the blobs that no digest names",
        "NAMES-6",
        _WHY,
        _ORIGIN,
        *(
            asks(get(f"/v2/{NAME}/{kind}/sha256:{name}"), NOTHING)
            for kind in ("blobs", "manifests")
            for name in ("notes", "a" * 63)
        ),
        init=_beside,
    )


CASES: Final[tuple[Case, ...]] = (*_each(), *_paths(), _files_beside())

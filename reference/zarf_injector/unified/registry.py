"""HTTP: which answer a request gets.

The paths are those of OCI's distribution specification 1.1 that one needs to pull: end-1, end-2,
end-3 and end-8a. Everything else is not there (HTTP-20, HTTP-23).
"""

import os

from zarf_injector.unified import answers, ranges, references, targets
from zarf_injector.unified.answers import OCTETS, Answer
from zarf_injector.unified.heads import Request
from zarf_injector.unified.layout import Blob, Layout

ROOT = b"/v2/"
METHODS = (b"GET", b"HEAD")
ALLOW = ("Allow", "GET, HEAD")


def answer(request: Request, layout: Layout) -> Answer:
    """What a request gets, whoever asks and whatever they accept (HTTP-6, HTTP-22).

    Raises:
        OSError: a blob is there, but cannot be opened or read.
    """
    if not is_served(request.method):
        return answers.error(405, "UNSUPPORTED", "this registry is for pulling only", [ALLOW])
    path = targets.path_of(request.target)
    if path is None:
        return answers.unfit(400)
    if is_root(path):
        return answers.value({})
    if not path.startswith(ROOT):
        return answers.error(404, "UNSUPPORTED", "nothing is served here")
    return below_root(path.removeprefix(ROOT), request, layout)


def is_probe(request: Request) -> bool:
    """Whether this is what a readiness probe asks, every other second, for years."""
    return request.target == ROOT


def is_served(method: bytes) -> bool:
    """HTTP-9, HTTP-9a: nothing is changed here, so only these are allowed."""
    return method in METHODS


def is_root(path: bytes) -> bool:
    """HTTP-1, HTTP-1a."""
    return path in (ROOT, ROOT.rstrip(b"/"))


def below_root(path: bytes, request: Request, layout: Layout) -> Answer:
    """By the last two components of ``NAME/manifests/REFERENCE`` and the like.

    The name is what is left, of any number of components (NAMES-2), even if one of them is called
    ``manifests``.
    """
    rest, _, reference = path.rpartition(b"/")
    name, _, collection = rest.rpartition(b"/")
    if not name:
        return answers.error(404, "NAME_INVALID", "there is no repository name in this path")
    if collection == b"manifests":
        return manifest(layout, name, reference)
    if collection == b"blobs":
        return blob(layout, reference, request)
    if (collection, reference) == (b"tags", b"list"):
        return tags(layout, name)
    return answers.error(404, "UNSUPPORTED", "this is not served here")


def manifest(layout: Layout, name: bytes, reference: bytes) -> Answer:
    """NAMES-1, NAMES-4, NAMES-5, HTTP-2, HTTP-4."""
    digits = layout.manifest(name, reference)
    found = None if digits is None else layout.blob(digits)
    if found is None:
        return answers.error(404, "MANIFEST_UNKNOWN", "there is no such manifest here")
    with Closing(found) as guard:
        media_type = layout.type_of(found)
        if media_type is None:
            return answers.error(404, "MANIFEST_UNKNOWN", "what has this digest is no manifest")
        return answers.content(guard.keep(), media_type)


def blob(layout: Layout, reference: bytes, request: Request) -> Answer:
    """NAMES-4, HTTP-3, HTTP-4, HTTP-16."""
    digits = references.digits_of(reference)
    found = None if digits is None else layout.blob(digits)
    if found is None:
        return answers.error(404, "BLOB_UNKNOWN", "there is no such blob here")
    with Closing(found) as guard:
        try:
            part = wanted_part(request, found)
        except ranges.UnsatisfiableError:
            return answers.error(
                416,
                "SIZE_INVALID",
                "the blob ends before this range",
                [("Content-Range", f"bytes */{found.size}")],
            )
        return answers.content(guard.keep(), OCTETS, part)


def wanted_part(request: Request, found: Blob) -> ranges.Part | None:
    """HTTP-16, HTTP-16a: the part to send, None for everything.

    Range is for GET alone, and If-Range takes it back unless it names this very blob (RFC 9110,
    sections 14.2 and 13.1.5).

    Raises:
        UnsatisfiableError: there is no such part.
    """
    field = request.value(b"range")
    if field is None or request.method != b"GET" or not is_same(request, found):
        return None
    return ranges.part_of(found.size, field)


def is_same(request: Request, found: Blob) -> bool:
    """Whether If-Range, if it was sent, has the blob's ETag."""
    if b"if-range" not in request.fields:
        return True
    return request.value(b"if-range") == f'"sha256:{found.digits}"'.encode()


def tags(layout: Layout, name: bytes) -> Answer:
    """NAMES-12."""
    listed = layout.tags(name)
    if not listed:
        return answers.error(404, "NAME_UNKNOWN", "there is no repository of this name here")
    return answers.value({"name": name.decode("utf-8", "replace"), "tags": listed})


class Closing:
    """Closes a blob at the end of a ``with`` statement, unless it is kept (LIFE-9)."""

    __slots__ = ("_blob",)

    def __init__(self, found: Blob) -> None:
        self._blob: Blob | None = found

    def __enter__(self) -> "Closing":
        return self

    def __exit__(self, *_: object) -> None:
        if self._blob is not None:
            os.close(self._blob.descriptor)

    def keep(self) -> Blob:
        """The blob, to be closed by whoever gets it.

        Raises:
            ValueError: it was kept already.
        """
        if self._blob is None:
            raise ValueError("kept already")
        kept, self._blob = self._blob, None
        return kept

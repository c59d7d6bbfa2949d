"""NAMES: the OCI image layout that was extracted: ``index.json``, and blobs by digest.

Blobs are opened when they are asked for, each by its digits relative to a descriptor of
``blobs/sha256``, and through no link: whatever the payload held, no request leads out of it
(NAMES-6). So neither memory nor the time of the start depends on how many there are.
"""

import errno
import os
import stat

from zarf_injector import confinement
from zarf_injector.errors import InjectorError
from zarf_injector.unified import errors, json_text, references
from zarf_injector.unified.json_text import Object

INDEX = b"index.json"
BLOBS = (b"blobs", b"sha256")

BASE_NAME = "org.opencontainers.image.base.name"
"""The annotation by which Zarf names an image: path, colon, tag."""

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
"""NAMES-5: what a manifest is that nobody says anything about."""

LONGEST_INDEX = 16 * 1024 * 1024
"""Bytes of ``index.json`` that are read; Zarf writes some hundred for each image."""

LONGEST_MANIFEST = 4 * 1024 * 1024
"""Bytes of a manifest that are looked at for its type: as many as containerd takes. A longer one
is served as what its descriptor says it is."""

OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


ABSENT = (errno.ENOENT, errno.ELOOP, errno.ENXIO)
"""What opening a blob fails with that is not there, or is a link, or a socket."""


class Blob:
    """A blob, open.

    Attributes:
        descriptor: of the file; whoever has it closes it.
        digits: of the digest.
        size: in bytes.
    """

    __slots__ = ("descriptor", "digits", "size")

    def __init__(self, descriptor: int, digits: str, size: int) -> None:
        self.descriptor = descriptor
        self.digits = digits
        self.size = size


class Layout:
    """What can be served.

    Attributes:
        names: from ``PATH:TAG`` to the digits of a manifest.
        types: from the digits of manifests to what ``index.json`` says they are.
    """

    def __init__(self, seed_root: bytes) -> None:
        """Read the index; no blob need be there.

        Raises:
            MalformedIndexError: NAMES-9.
            OutputError: the directory cannot be opened.
        """
        self.names: dict[bytes, str] = {}
        self.types: dict[str, str] = {}
        with confinement.OutputDirectory(seed_root) as root:
            for one in descriptors(read_index(root.descriptor)):
                self._add(one)
            self._blobs = open_blobs(root)

    def _add(self, one: Object) -> None:
        """NAMES-1, NAMES-8: an image, or the same one again; of two of one name the later one."""
        digits = references.digits_of(encoded(one.get("digest")))
        if digits is None:
            return
        media_type = one.get("mediaType")
        if is_media_type(media_type):
            self.types[digits] = str(media_type)
        name = name_of(one)
        if name is not None:
            self.names[name] = digits

    def manifest(self, name: bytes, reference: bytes) -> str | None:
        """The digits of the manifest that a reference means, if it means one.

        A digest is looked for under every name, and need not be in the index (NAMES-4). A tag is
        what some image is annotated with, and nothing is added to it (NAMES-1, NAMES-7).
        """
        if references.is_tag(reference):
            return self.names.get(name + b":" + reference)
        return references.digits_of(reference)

    def tags(self, name: bytes) -> list[str]:
        """NAMES-12: the tags of a name, sorted; none if there is no such name."""
        parted = (one.rpartition(b":") for one in self.names)
        return sorted(tag.decode("ascii") for path, _, tag in parted if path == name)

    def blob(self, digits: str) -> Blob | None:
        """NAMES-4, NAMES-6: a blob, open, or None if there is none.

        Raises:
            OSError: it is there, but cannot be opened.
        """
        if self._blobs is None:
            return None
        try:
            descriptor = os.open(digits, OPEN, dir_fd=self._blobs)
        except OSError as error:
            if is_absence(error):
                return None
            raise
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            return None
        return Blob(descriptor, digits, status.st_size)

    def type_of(self, manifest: Blob) -> str | None:
        """NAMES-5: a manifest's media type: its own, or the index's, or OCI's.

        None for what is no manifest: a layer is not served as one (NAMES-10).
        """
        inside: object = None
        if manifest.size <= LONGEST_MANIFEST:
            parsed = json_text.object_in(os.pread(manifest.descriptor, manifest.size, 0))
            if parsed is None:
                return None
            inside = parsed.get("mediaType")
        if is_media_type(inside):
            return str(inside)
        return self.types.get(manifest.digits, OCI_MANIFEST)


def read_index(root: int) -> bytes | None:
    """The content of ``index.json``; None if the payload has none, and so no name to serve.

    Raises:
        MalformedIndexError: it is no file, or too long to be believed.
    """
    try:
        descriptor = os.open(INDEX, OPEN, dir_fd=root)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise errors.MalformedIndexError(f"cannot open index.json: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LONGEST_INDEX:
            raise errors.MalformedIndexError("index.json is no file of up to 16 MiB")
        return os.pread(descriptor, status.st_size, 0)
    finally:
        os.close(descriptor)


def descriptors(index: bytes | None) -> list[Object]:
    """NAMES-8, NAMES-9: the index's descriptors; what is no object among them is passed over.

    Raises:
        MalformedIndexError: the index is no JSON object, or has no list of manifests.
    """
    if index is None:
        return []
    parsed = json_text.object_in(index)
    if parsed is None:
        raise errors.MalformedIndexError("index.json is no JSON object")
    listed = parsed.get("manifests")
    if not isinstance(listed, list):
        raise errors.MalformedIndexError("index.json has no list of manifests")
    return [one for one in listed if isinstance(one, dict)]


def name_of(one: Object) -> bytes | None:
    """NAMES-1, NAMES-3: ``PATH:TAG`` of a descriptor, if it has such an annotation.

    ``PATH@DIGEST`` is none: the image is found by the digest alone.
    """
    annotations = one.get("annotations")
    value = annotations.get(BASE_NAME) if isinstance(annotations, dict) else None
    name = encoded(value)
    path, _, tag = name.rpartition(b":")
    return name if path and b"@" not in name and references.is_tag(tag) else None


def encoded(value: object) -> bytes:
    """A JSON text as the bytes that a path would have; of anything else, and half a pair, none."""
    try:
        return value.encode() if isinstance(value, str) else b""
    except UnicodeEncodeError:
        return b""


def is_media_type(value: object) -> bool:
    """Whether this can be a Content-Type; with a line end in it, it would be two fields."""
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and 0 < value.find("/") < len(value) - 1
        and " " not in value
    )


def open_blobs(root: confinement.OutputDirectory) -> int | None:
    """A descriptor of ``blobs/sha256``, or None if it is not there or leads elsewhere."""
    try:
        return os.dup(root.existing_directory(list(BLOBS)))
    except (FileNotFoundError, InjectorError):
        return None


def is_absence(error: OSError) -> bool:
    """Whether a blob is not there, or is no file; anything else is our own trouble."""
    return error.errno in ABSENT

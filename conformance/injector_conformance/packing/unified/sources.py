"""What somebody names on the command line, as images."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from injector_conformance.packing.errors import PackError
from injector_conformance.packing.unified import docker_archive, oci_layout, reference, stores
from injector_conformance.packing.unified.image import Image
from injector_conformance.packing.unified.places import Archive, Folder, Place
from injector_conformance.packing.unified.reference import Reference

_TRANSPORT: Final = re.compile(r"[a-z-]+://.+|containers-storage:.+", re.DOTALL)
_ID: Final = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")


@contextmanager
def opened(text: str, platform: str | None, store: str | None) -> Iterator[list[Image]]:
    """The images of one source, each with a name at least. Their blobs can be read inside.

    Args:
        text: ``SOURCE`` or ``NAME=SOURCE``. A source is an archive, a directory, the name of an
            image in a local store, or one with a transport of skopeo's.
        platform: which one to take where an image is there for several.
        store: the one store to look into, of :data:`stores.STORES`.

    Raises:
        PackError: there is no such image, or it cannot be packed.
    """
    name, source = _split(text)
    with tempfile.TemporaryDirectory(prefix="injector-pack-") as directory:
        scratch = Path(directory)
        path = Path(source)
        is_stored = not os.path.lexists(path)
        if is_stored:
            path = _exported(source, platform, store, scratch / "exported.tar")
            name = name or _stored_name(source)
        place = _place(path, scratch)
        try:
            found = list(_images(place, platform))
            yield _named(found, name, source)
        finally:
            place.close()


def _split(text: str) -> tuple[Reference | None, str]:
    before, equals, after = text.partition("=")
    if not equals or os.path.lexists(text):
        return None, text
    return reference.parse(before), after


def _exported(source: str, platform: str | None, store: str | None, target: Path) -> Path:
    if source.startswith(("/", ".", "~")) or not source:
        raise PackError(f"{source or '(an empty word)'}: no such file or directory")
    chosen = stores.SKOPEO if _TRANSPORT.fullmatch(source) else store
    stores.export(chosen, source, platform, target)
    return target


def _stored_name(source: str) -> Reference:
    name = source
    if _TRANSPORT.fullmatch(source):
        name = source.partition("://")[2] or source.partition(":")[2]
    if _ID.fullmatch(name):
        raise PackError(f"{source}: is no name to pull by; give one: NAME={source}")
    return reference.parse(name)


def _place(path: Path, scratch: Path) -> Place:
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise PackError(f"{path}: is neither a file nor a directory")
    return Archive(path, scratch)


def _images(place: Place, platform: str | None) -> Iterator[Image]:
    # Docker writes both since version 25. The layout says more: manifests, and digests with them.
    if place.size(oci_layout.MARKER) is not None and place.size(oci_layout.INDEX) is not None:
        yield from oci_layout.images(place, platform)
    elif place.size(docker_archive.MANIFEST) is not None:
        yield from docker_archive.images(place)
    else:
        raise PackError(
            f"{place.label}: is no image: it has neither {oci_layout.INDEX} with"
            f" {oci_layout.MARKER} nor {docker_archive.MANIFEST}"
        )


def _named(found: list[Image], name: Reference | None, source: str) -> list[Image]:
    if name is not None and len(found) > 1:
        listed = ", ".join(one.name for image in found for one in image.names)
        raise PackError(f"{source}: has {len(found)} images ({listed}), and {name.name} is one")
    if name is not None:
        return [found[0].named(name)]
    for image in found:
        if not image.names:
            raise PackError(
                f"{source}: has an image without a name ({image.digest}); give it one:"
                f" NAME={source}"
            )
    return found

"""The payload of images: an OCI layout in a tar archive as Zarf writes it, in chunks.

It depends on the images, their names and their order alone: not on who packs them, when, where,
or what they were read from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from injector_conformance.packing import chunks
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.errors import PackError
from injector_conformance.packing.unified import sources
from injector_conformance.packing.unified.image import Blob, Image, is_for
from injector_fixtures import tar
from injector_fixtures.oci import layout
from injector_fixtures.oci.layout import CHUNK_SIZE


@dataclass(frozen=True, slots=True)
class PackedImage:
    """An image in a payload.

    Attributes:
        name: what it is pulled by, ``PATH:TAG`` or ``PATH@DIGEST``.
        digest: of its manifest.
        media_type: of its manifest.
        platform: in Go's words, ``linux/amd64``.
        blobs: digests of the configuration and the layers.
        size: bytes of the manifest and everything it names.
    """

    name: str
    digest: str
    media_type: str
    platform: str
    blobs: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class PackedImages:
    """A payload of images.

    Attributes:
        payload: chunks, argument, sizes.
        images: what can be pulled from who serves it, in the order given.
    """

    payload: Packed
    images: tuple[PackedImage, ...]

    @property
    def architecture(self) -> str:
        """In the words of Go and of the node label ``kubernetes.io/arch``."""
        return self.images[0].platform.split("/")[1]


def pack_images(
    wanted: Sequence[str],
    directory: Path,
    *,
    platform: str | None = None,
    store: str | None = None,
    chunk_size: int = CHUNK_SIZE,
) -> PackedImages:
    """Pack images.

    Args:
        wanted: of each the source, or ``NAME=SOURCE``; see :func:`sources.opened`.
        directory: where the chunks go; it is made, and must not hold chunks already.
        platform: ``linux/amd64`` or alike, where an image is there for several.
        store: ``docker``, ``podman`` or ``containerd``, the only one where names are looked up.
        chunk_size: bytes of every chunk but the last.

    Raises:
        PackError: an image is not there, not whole, not for one platform, or has another's name.
            No chunk is left.
    """
    if not wanted:
        raise PackError("there is nothing to pack: name one image or more")
    with ExitStack() as stack:
        found: list[Image] = []
        for text in wanted:
            found += stack.enter_context(sources.opened(text, platform, store))
        named = _by_name(found)
        _check_platforms(named, platform)
        blobs = {
            blob.digits: blob for one in named.values() for blob in (*one.blobs, one.manifest)
        }
        index = layout.described(_descriptor(name, one) for name, one in named.items())
        payload = chunks.write(
            directory, chunk_size, lambda file: _write(file, blobs, index), layout.ZERO_TIME
        )
        return PackedImages(payload, tuple(_told(name, one) for name, one in named.items()))


def _by_name(images: Iterable[Image]) -> Mapping[str, Image]:
    named: dict[str, Image] = {}
    for image in images:
        for reference in image.names:
            name = reference.name
            if reference.digest and reference.digest != image.digest:
                raise PackError(
                    f"{image.label}: is {image.digest}, not {reference.digest}: archives of docker"
                    " save lose the digest that a registry gave; name it by a tag, or take an OCI"
                    " layout"
                )
            other = named.setdefault(name, image)
            if other.digest != image.digest:
                raise PackError(
                    f"{name}: two images have this name, {other.digest} of {other.label} and"
                    f" {image.digest} of {image.label}; rename one: NAME=SOURCE"
                )
    return named


def _check_platforms(named: Mapping[str, Image], platform: str | None) -> None:
    for name, image in named.items():
        if platform is not None and not is_for(image.platform, platform):
            raise PackError(f"{name}: is for {image.platform}, and {platform} is wanted")
    machines = {one.platform.split("/")[1] for one in named.values()}
    if len(machines) > 1:
        listed = ", ".join(f"{name} for {one.platform}" for name, one in named.items())
        raise PackError(f"the images are for several platforms, no node runs all: {listed}")


def _descriptor(name: str, image: Image) -> Mapping[str, Any]:
    return {
        "mediaType": image.media_type,
        "digest": image.digest,
        "size": image.manifest.size,
        "annotations": {layout.BASE_NAME: name},
        "artifactType": image.config_type,
    }


def _told(name: str, image: Image) -> PackedImage:
    return PackedImage(
        name,
        image.digest,
        image.media_type,
        image.platform,
        tuple(f"sha256:{one.digits}" for one in image.blobs),
        sum({one.digits: one.size for one in (*image.blobs, image.manifest)}.values()),
    )


def _write(file: IO[bytes], blobs: Mapping[str, Blob], index: bytes) -> int:
    """The archive: sorted bytewise, ustar, no owner, no time, no slash behind directories."""
    for name in (b"blobs", b"blobs/sha256"):
        file.write(tar.directory(name, mode=layout.DIRECTORY_MODE))
    for digits in sorted(blobs):
        blob = blobs[digits]
        mode = layout.LAYER_MODE if blob.is_layer else layout.JSON_MODE
        file.write(_header(b"blobs/sha256/" + digits.encode(), blob, mode))
        for piece in blob.pieces():
            file.write(piece)
        file.write(bytes(-blob.size % tar.BLOCK))
    for name, data in ((b"index.json", index), (b"oci-layout", layout.MARKER)):
        file.write(tar.file(name, data, mode=layout.INDEX_MODE))
    file.write(tar.END)
    return sum(one.size for one in blobs.values()) + len(index) + len(layout.MARKER)


def _header(name: bytes, blob: Blob, mode: int) -> bytes:
    try:
        return tar.header(name, size=blob.size, mode=mode)
    except ValueError as error:
        message = f"{blob.label}: {blob.size:,} bytes are more than ustar can say"
        raise PackError(message) from error

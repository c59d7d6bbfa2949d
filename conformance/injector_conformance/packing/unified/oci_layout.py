"""Images in an OCI image layout, in a directory or in an archive. Their bytes stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from injector_conformance.packing.errors import PackError
from injector_conformance.packing.unified import reference
from injector_conformance.packing.unified.image import (
    MOST_JSON,
    Blob,
    Image,
    is_for,
    parsed,
    platform_of,
)
from injector_conformance.packing.unified.places import Place, read
from injector_conformance.packing.unified.reference import Reference
from injector_fixtures.oci.image import DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST
from injector_fixtures.oci.layout import BASE_NAME

MARKER: Final = "oci-layout"
INDEX: Final = "index.json"

_DOCKER_LIST: Final = "application/vnd.docker.distribution.manifest.list.v2+json"
_INDEXES: Final = frozenset({OCI_INDEX, _DOCKER_LIST})
_MANIFESTS: Final = frozenset({OCI_MANIFEST, DOCKER_MANIFEST})
_CONTAINERD_NAME: Final = "io.containerd.image.name"
_REF_NAME: Final = "org.opencontainers.image.ref.name"
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_DEEPEST: Final = 8

Descriptor = Mapping[str, Any]


def images(place: Place, platform: str | None) -> Iterator[Image]:
    """Every image of a layout, for one platform each.

    Args:
        place: the layout.
        platform: which one to take where there are several.

    Raises:
        PackError: the layout is not whole, or an image is there for several platforms or for
            none that is wanted.
    """
    label = f"{place.label}: {INDEX}"
    listed = _descriptors(parsed(read(place, INDEX, MOST_JSON), label), label)
    if not listed:
        raise PackError(f"{label}: lists no image")
    named = {one["digest"] for one in listed if _names(one)}
    for one in listed:
        names = _names(one)
        if names or one["digest"] not in named:
            yield _chosen(place, one, platform).named(*names)


def _descriptors(index: Mapping[str, Any], label: str) -> list[Descriptor]:
    listed = index.get("manifests")
    if not isinstance(listed, list):
        raise PackError(f"{label}: is no index: it has no list of manifests")
    for one in listed:
        if not isinstance(one, dict) or not _DIGEST.fullmatch(str(one.get("digest"))):
            raise PackError(f"{label}: a descriptor has no digest by SHA-256")
    return listed


def _names(descriptor: Descriptor) -> tuple[Reference, ...]:
    """What a descriptor's annotations call it; writers differ, and some give a tag alone."""
    noted = descriptor.get("annotations")
    notes = noted if isinstance(noted, dict) else {}
    for note in (_CONTAINERD_NAME, _REF_NAME):
        text = notes.get(note)
        if isinstance(text, str) and (":" in text or "/" in text):
            return (reference.parse(text),)
    text = notes.get(BASE_NAME)
    return (reference.annotated(text),) if isinstance(text, str) else ()


def _chosen(place: Place, descriptor: Descriptor, platform: str | None) -> Image:
    found = list(_images(place, descriptor, _DEEPEST))
    if not found:
        raise PackError(f"{place.label}: {descriptor['digest']} names no image that is there")
    fitting = [one for one in found if platform is None or is_for(one.platform, platform)]
    there = ", ".join(sorted({one.platform for one in found}))
    if not fitting:
        raise PackError(f"{place.label}: is not there for {platform}, but for {there}")
    if len({one.digest for one in fitting}) > 1:
        raise PackError(
            f"{place.label}: is there for several platforms: {there}; choose one by --platform"
        )
    (chosen, *_) = fitting
    for blob in chosen.blobs:
        _there(place, blob)
    return chosen


def _images(place: Place, descriptor: Descriptor, depth: int) -> Iterator[Image]:
    """The images that a descriptor leads to. Of an index only some may be there."""
    blob = _there(place, _blob(place, descriptor, is_layer=False))
    data = b"".join(blob.pieces())
    told = parsed(data, blob.label)
    media_type = str(told.get("mediaType") or descriptor.get("mediaType"))
    if media_type in _MANIFESTS:
        yield _image(place, replace(blob, size=len(data)), media_type, told)
    elif media_type in _INDEXES and depth:
        for child in _descriptors(told, blob.label):
            is_image = str(child.get("mediaType")) in {*_MANIFESTS, *_INDEXES}
            if is_image and not _is_no_platform(child) and _size(place, child) is not None:
                yield from _images(place, child, depth - 1)
    else:
        raise PackError(f"{blob.label}: is no image: its media type is {media_type}")


def _is_no_platform(descriptor: Descriptor) -> bool:
    """Whether an index says that a child is not to be run: attestations are listed so."""
    platform = descriptor.get("platform")
    return isinstance(platform, dict) and platform.get("architecture") == "unknown"


def _image(place: Place, blob: Blob, media_type: str, told: Mapping[str, Any]) -> Image:
    config, layers = told.get("config"), told.get("layers")
    listed = [config, *layers] if isinstance(layers, list) else []
    for one in listed:
        if not isinstance(one, dict) or not _DIGEST.fullmatch(str(one.get("digest"))):
            raise PackError(f"{blob.label}: a descriptor has no digest by SHA-256")
    if not listed or not isinstance(config, dict):
        raise PackError(f"{blob.label}: is no manifest of an image: it names no layers")
    config_blob = _there(place, _blob(place, config, is_layer=False))
    platform = platform_of(
        parsed(b"".join(config_blob.pieces()), config_blob.label), config_blob.label
    )
    return Image(
        place.label,
        (),
        blob,
        media_type,
        str(config.get("mediaType")),
        platform,
        (config_blob, *(_blob(place, one, is_layer=True) for one in listed[1:])),
    )


def _blob(place: Place, descriptor: Descriptor, *, is_layer: bool) -> Blob:
    path = _path(descriptor)
    size = descriptor.get("size")
    if not isinstance(size, int) or size < 0:
        raise PackError(f"{place.label}: the descriptor of {descriptor['digest']} has no size")
    if not is_layer and size > MOST_JSON:
        raise PackError(f"{place.label}: {path} has {size:,} bytes, {MOST_JSON:,} are possible")
    digits = path.rpartition("/")[2]
    return Blob(digits, size, is_layer, f"{place.label}: {path}", partial(place.open, path))


def _there(place: Place, blob: Blob) -> Blob:
    """The blob, if it is there and has the size that it should have."""
    found = place.size(f"blobs/sha256/{blob.digits}")
    if found is None:
        what = "layer" if blob.is_layer else "blob"
        raise PackError(f"{place.label}: {what} sha256:{blob.digits} is missing; is it whole?")
    if found != blob.size:
        raise PackError(f"{blob.label}: has {found:,} bytes instead of {blob.size:,}; damaged")
    return blob


def _size(place: Place, descriptor: Descriptor) -> int | None:
    return place.size(_path(descriptor))


def _path(descriptor: Descriptor) -> str:
    return f"blobs/sha256/{str(descriptor['digest']).removeprefix('sha256:')}"

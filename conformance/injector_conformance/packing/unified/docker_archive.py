"""Images in what ``docker save`` writes, and everybody who writes the same.

Such an archive has configurations and layers, but no manifest as registries know it. It is made
here: OCI's, with the configuration and the layers byte for byte as they are. Layers that are not
compressed stay so: compressing them would make the image's digest depend on a compressor, and the
payload is compressed as a whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import IO, Any, Final, cast

from injector_conformance.packing.errors import PackError
from injector_conformance.packing.unified import reference
from injector_conformance.packing.unified.image import (
    MOST_JSON,
    Blob,
    Image,
    held,
    parsed,
    platform_of,
)
from injector_conformance.packing.unified.places import Place, read
from injector_fixtures.oci.image import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST, compact

MANIFEST: Final = "manifest.json"

_GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 1 << 20


def images(place: Place) -> Iterator[Image]:
    """Every image of an archive.

    Raises:
        PackError: the archive is not whole, or not what it seems to be.
    """
    label = f"{place.label}: {MANIFEST}"
    try:
        listed = json.loads(read(place, MANIFEST, MOST_JSON))
    except (ValueError, RecursionError) as error:
        raise PackError(f"{label}: is no JSON: {error}") from error
    if not isinstance(listed, list) or not listed:
        raise PackError(f"{label}: lists no image")
    for entry in listed:
        yield _image(place, label, entry)


def _image(place: Place, label: str, entry: object) -> Image:
    if not isinstance(entry, dict):
        raise PackError(f"{label}: an entry is no JSON object")
    config_name, layer_names = entry.get("Config"), entry.get("Layers") or []
    tags = entry.get("RepoTags") or []
    if not (isinstance(config_name, str) and _are_texts(layer_names) and _are_texts(tags)):
        raise PackError(f"{label}: an entry does not name a configuration, layers and tags")
    config_label = f"{place.label}: {config_name}"
    config = held(read(place, config_name, MOST_JSON), config_label)
    with config.open() as file:
        told = parsed(file.read(), config_label)
    diff_ids = _diff_ids(told, config_label)
    if len(diff_ids) != len(layer_names):
        raise PackError(
            f"{label}: names {len(layer_names)} layers, the configuration {len(diff_ids)}"
        )
    layers, types = [], []
    for name, diff_id in zip(layer_names, diff_ids, strict=True):
        layer, media_type = _layer(place, name, diff_id)
        layers.append(layer)
        types.append(media_type)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _descriptor(OCI_CONFIG, config),
        "layers": [_descriptor(one, layer) for one, layer in zip(types, layers, strict=True)],
    }
    return Image(
        place.label,
        tuple(reference.parse(tag) for tag in tags),
        held(compact(manifest), label),
        OCI_MANIFEST,
        OCI_CONFIG,
        platform_of(told, config_label),
        (config, *layers),
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _diff_ids(config: Mapping[str, Any], label: str) -> list[str]:
    rootfs = config.get("rootfs")
    found = rootfs.get("diff_ids") or [] if isinstance(rootfs, dict) else None
    if found is None or not _are_texts(found):
        raise PackError(f"{label}: is no configuration of an image: it names no layers")
    return cast("list[str]", found)


def _descriptor(media_type: str, blob: Blob) -> dict[str, object]:
    return {"mediaType": media_type, "digest": f"sha256:{blob.digits}", "size": blob.size}


def _layer(place: Place, name: str, diff_id: str) -> tuple[Blob, str]:
    """A layer and its media type; some writers compress them."""
    label = f"{place.label}: layer {name}"
    size = place.size(name)
    if size is None:
        raise PackError(f"{label}: is missing; is the archive whole?")
    try:
        with place.open(name) as file:
            is_compressed = file.read(len(_GZIP)) == _GZIP
        with place.open(name) as file:
            digits = _digits(file)
        content = digits
        if is_compressed:
            with place.open(name) as file, gzip.open(file) as plain:
                content = _digits(cast("IO[bytes]", plain))
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise PackError(f"{label}: cannot be read: {error}; is the archive whole?") from error
    if f"sha256:{content}" != diff_id:
        raise PackError(f"{label}: is not what the configuration names, {diff_id}; it is damaged")
    media_type = f"{OCI_LAYER}+gzip" if is_compressed else OCI_LAYER
    return Blob(digits, size, True, label, partial(place.open, name)), media_type


def _digits(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()

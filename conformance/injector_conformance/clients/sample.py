"""What is served to clients: images of both kinds, eight to be pulled at once, and a large one.

Layers are new in every run. A client that finds a layer in its store does not ask for it.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import partial
from typing import Final

from injector_fixtures import deflate, gzip, seeded, tar
from injector_fixtures.oci import image as images
from injector_fixtures.oci import layout as layouts
from injector_fixtures.oci.image import (
    DOCKER_LAYER_GZIP,
    OCI_LAYER,
    Content,
    Layer,
    blob,
    hexadecimal,
)
from injector_fixtures.oci.layout import Layout

SEED: Final = "library/registry:3.1.1"
"""An OCI image: path and tag as Zarf annotates its registry."""

RELAY: Final = "alpine/socat:1.8.0.3"
"""A Docker image, schema 2."""

AT_ONCE: Final = tuple(f"library/together-{number}:1" for number in range(1, 9))
"""Images to be pulled at the same time."""

LARGE: Final = "library/large:1"
"""An image of one large layer."""

KIBIBYTE: Final = 1024
MEBIBYTE: Final = 1024 * 1024
LARGE_SIZE: Final = 64 * MEBIBYTE

_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}

_UNIT: Final = 64 * KIBIBYTE
"""Content repeats itself after so many bytes, farther than DEFLATE can see."""


@dataclass(frozen=True)
class Sample:
    """A layout, and the blob in it that connections are cut at."""

    layout: Layout
    large: Content


def made(salt: str, large: int) -> Sample:
    """Make it, for this machine: containerd unpacks for no other.

    Args:
        salt: what the layers' content depends on.
        large: bytes of the large layer's file.
    """
    image = partial(images.image, architecture=_ARCHITECTURES.get(platform.machine(), "amd64"))
    base = _archive("base", salt, KIBIBYTE)
    layers = {name: _layer(_archive(name, salt, 4 * _UNIT)) for name in (SEED, *AT_ONCE)}
    layers[LARGE] = _layer(_archive("large", salt, large))
    named = {name: image([_layer(base), one]) for name, one in layers.items()}
    relay = _archive("relay", salt, _UNIT)
    named[RELAY] = image([_layer(base, docker=True), _layer(relay, docker=True)], docker=True)
    return Sample(layouts.layout(named), layers[LARGE].blob)


def _archive(name: str, salt: str, size: int) -> bytes:
    noise = seeded.noise(f"clients {salt} {name}", min(size, _UNIT))
    content = noise * (size // len(noise))
    return tar.archive(
        tar.directory(b"srv/"), tar.file(b"srv/" + name.replace("/", "-").encode(), content)
    )


def _layer(archive: bytes, *, docker: bool = False) -> Layer:
    """A layer in a gzip member that shortens nothing, for nothing could."""
    data = gzip.member(archive, deflated=deflate.stored_stream(archive))
    kind = DOCKER_LAYER_GZIP if docker else f"{OCI_LAYER}+gzip"
    return Layer(blob(kind, data), f"sha256:{hexadecimal(archive)}")

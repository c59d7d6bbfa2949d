"""What is served: image layouts of one size, or of many images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from injector_fixtures import seeded
from injector_fixtures.oci import layout as layouts
from injector_fixtures.oci.image import OCI_LAYER, Layer, artifact, blob, image, repeated
from injector_fixtures.oci.layout import Layout

REPOSITORY: Final = "library/registry"
TAG: Final = "3.1.1"
NAME: Final = f"{REPOSITORY}:{TAG}"

KIBIBYTE: Final = 1024
MEBIBYTE: Final = 1024 * 1024

LARGE: Final = 64 * MEBIBYTE
"""Bytes of the layer that throughput is measured with."""

SIZES: Final = (4 * KIBIBYTE, 64 * KIBIBYTE, MEBIBYTE, 16 * MEBIBYTE, LARGE)
"""Bytes of the layers in the layout that is served."""

_UNIT: Final = 64 * KIBIBYTE
"""Content repeats itself after so many bytes, farther than DEFLATE can see."""


@dataclass(frozen=True)
class Served:
    """A layout, and where what is asked for is.

    Attributes:
        layout: what is packed.
        layers: digests by size in bytes.
    """

    layout: Layout
    layers: dict[int, str]

    @property
    def manifest(self) -> str:
        """The path of the manifest by its digest."""
        return f"/v2/{REPOSITORY}/manifests/{self.layout.images[NAME].digest}"

    @property
    def tagged(self) -> str:
        """The path of the manifest by its tag."""
        return f"/v2/{REPOSITORY}/manifests/{TAG}"

    def blob(self, size: int) -> str:
        """The path of the layer of ``size`` bytes."""
        return f"/v2/{REPOSITORY}/blobs/{self.layers[size]}"

    @property
    def size(self) -> int:
        """Bytes of all blobs."""
        return sum(one.size for one in self.layout.blobs.values())


@cache
def of_sizes(*sizes: int) -> Served:
    """One image with a layer of each size, which nothing shortens: layers are compressed."""
    layers = {}
    for size in sizes:
        unit = seeded.noise(f"layer {size}", min(size, _UNIT))
        content = repeated(f"{OCI_LAYER}+gzip", unit, size // len(unit))
        layers[size] = Layer(content, content.digest)
    made = layouts.layout({NAME: image(list(layers.values()))})
    return Served(made, {size: one.blob.digest for size, one in layers.items()})


@cache
def of_images(count: int) -> Served:
    """``count`` small artifacts, each with a name, a manifest and a blob of its own.

    The one that is asked for comes last: whoever reads ``index.json`` for each request reads most
    of it.
    """
    names = [f"library/image-{number}:1" for number in range(1, count)] + [NAME]
    images = {
        name: artifact(
            "application/vnd.example.seed",
            [blob("application/octet-stream", seeded.noise(name, 4 * KIBIBYTE))],
        )
        for name in names
    }
    return Served(layouts.layout(images), {})

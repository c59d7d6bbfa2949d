"""The layouts: what is asked for is there, under the digest that it is asked for by."""

from __future__ import annotations

import hashlib
import json

from injector_conformance.bench.serving.layouts import (
    KIBIBYTE,
    MEBIBYTE,
    NAME,
    SIZES,
    Served,
    of_images,
    of_sizes,
)
from injector_fixtures.oci.reading import read


def test_each_layer_has_its_size_and_its_digest() -> None:
    served = of_sizes(4 * KIBIBYTE, 3 * MEBIBYTE)

    layout = read(served.layout.payload(1))

    for size, digest in served.layers.items():
        data = layout.data(digest)
        assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (size, digest)


def test_layers_do_not_shorten() -> None:
    served = of_sizes(MEBIBYTE)

    assert len(served.layout.payload(1)) > MEBIBYTE


def test_there_are_as_many_images_as_asked_for_and_the_last_is_the_one_that_is_pulled() -> None:
    served = of_images(10)

    manifests = json.loads(served.layout.index)["manifests"]

    assert len(manifests) == 10
    assert served.manifest.endswith(manifests[-1]["digest"])
    assert NAME in manifests[-1]["annotations"].values()


def test_all_sizes_are_whole_units() -> None:
    assert isinstance(of_sizes(*SIZES), Served)
    assert set(of_sizes(*SIZES).layers) == set(SIZES)

"""Image archives: the same bytes every time, for the platform that was asked for."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

from injector_conformance.images.archive import LayerEntry, image, layer
from injector_conformance.images.build import build
from injector_conformance.images.pins import ARCHITECTURES, EMPTY, pin, pins
from injector_conformance.images.store import is_same

ENTRIES = (
    LayerEntry("etc/motd", tarfile.REGTYPE, 0o644, content=b"hello\n"),
    LayerEntry("etc", tarfile.DIRTYPE, 0o755),
    LayerEntry("etc/link", tarfile.SYMTYPE, 0o777, content=b"motd"),
)


def members(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as reader:
        found = {one.name: reader.extractfile(one) for one in reader.getmembers()}
        return {name: file.read() for name, file in found.items() if file is not None}


def test_a_layer_does_not_depend_on_the_order_of_its_entries() -> None:
    assert layer(ENTRIES) == layer(reversed(ENTRIES))


def test_an_archive_is_known_by_its_configuration_and_its_layers() -> None:
    blob = layer(ENTRIES)

    built = image("name:tag", {"architecture": "arm64", "variant": "v8"}, [blob], "a test")

    found = members(built.content)
    (manifest,) = json.loads(found["manifest.json"])
    config = found[manifest["Config"]]
    assert manifest["RepoTags"] == ["name:tag"]
    assert built.image_id == "sha256:" + hashlib.sha256(config).hexdigest()
    assert built.layers == ("sha256:" + hashlib.sha256(blob).hexdigest(),)
    assert [found[name] for name in manifest["Layers"]] == [blob]
    parsed = json.loads(config)
    assert (parsed["architecture"], parsed["variant"]) == ("arm64", "v8")
    assert parsed["rootfs"]["diff_ids"] == list(built.layers)


def test_the_empty_images_are_what_is_pinned() -> None:
    for architecture in ARCHITECTURES.values():
        wanted = pin(EMPTY, f"linux/{architecture}")

        assert wanted is not None
        assert build(wanted).image_id == wanted.id


def test_every_image_has_a_name_and_an_id_of_its_own() -> None:
    assert len({one.tag for one in pins()}) == len({one.id for one in pins()}) == len(pins())


def test_an_image_is_known_by_layers_and_platform_where_ids_differ() -> None:
    wanted = next(one for one in pins() if one.layers)
    attributes = {
        "Os": "linux",
        "Architecture": wanted.architecture,
        "RootFS": {"Layers": list(wanted.layers)},
    }

    assert is_same(attributes, wanted)
    assert not is_same({**attributes, "Architecture": "riscv64"}, wanted)
    assert not is_same({**attributes, "RootFS": {"Layers": ["sha256:0"]}}, wanted)

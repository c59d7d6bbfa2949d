"""What only some clients do: they validate, inspect, copy an index, look for referrers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from injector_fixtures.oci.image import Image
from tests.clients.registry import PROGRAMS, Registry

PLAIN = "--tls-verify=false"


def blobs_of(layout: Path) -> dict[str, str]:
    """The blobs of an OCI layout on disk, by name, each with the digest of what it holds."""
    files = (layout / "blobs" / "sha256").iterdir()
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def names_of(image: Image) -> dict[str, str]:
    return {digits: digits for digits in image.content}


@pytest.mark.needs("skopeo")
class TestSkopeo:
    def test_inspects_every_image(self, golden: Registry, tmp_path: Path) -> None:
        for reference in golden.references():
            told = json.loads(
                PROGRAMS.output("skopeo", "inspect", PLAIN, f"docker://{reference}", home=tmp_path)
            )

            assert told["Digest"] == reference.image.digest
            assert told["Layers"] == [one.digest for one in reference.image.blobs[1:]]

    def test_copies_an_index_and_its_children(self, index: Registry, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        source = f"docker://{index.host}/tools/many:1"
        PROGRAMS.output(
            *("skopeo", "copy", "--all", f"--src-{PLAIN[2:]}", source, f"oci:{copy}:x"),
            home=tmp_path,
        )

        assert blobs_of(copy) == names_of(index.layout.images["tools/many:1"])


@pytest.mark.needs("crane")
class TestCrane:
    def test_finds_every_image_whole(self, golden: Registry, tmp_path: Path) -> None:
        for reference in golden.references():
            words = ("--insecure", str(reference))
            digest = PROGRAMS.output("crane", "digest", *words, home=tmp_path)
            manifest = PROGRAMS.output("crane", "manifest", *words, home=tmp_path)
            PROGRAMS.output(
                *("crane", "validate", "--insecure", "--remote", str(reference)), home=tmp_path
            )

            assert digest.strip() == reference.image.digest
            assert manifest.encode().rstrip(b"\n") == reference.image.manifest.data.rstrip(b"\n")

    def test_pulls_an_index_and_its_children(self, index: Registry, tmp_path: Path) -> None:
        source = f"{index.host}/tools/many:1"
        PROGRAMS.output("crane", "validate", "--insecure", "--remote", source, home=tmp_path)


@pytest.mark.needs("regctl")
def test_regctl_finds_no_referrers(golden: Registry, tmp_path: Path) -> None:
    told = PROGRAMS.output(
        *("regctl", "--host", f"reg={golden.host},tls=disabled", "artifact", "list"),
        *(f"{golden.host}/library/seed:3.1.1", "--format", "{{json .}}"),
        home=tmp_path,
    )

    assert not json.loads(told).get("descriptors")


@pytest.mark.needs("oras")
class TestOras:
    def test_finds_no_referrers(self, golden: Registry, tmp_path: Path) -> None:
        source = f"{golden.host}/library/seed:3.1.1"
        words = ("oras", "discover", "--plain-http", "--format", "json", source)
        found = json.loads(PROGRAMS.output(*words, home=tmp_path))

        assert not found.get("manifests")
        assert not found.get("referrers")

    def test_copies_three_thousand_blobs(self, artifact: Registry, tmp_path: Path) -> None:
        ((name, image),) = artifact.layout.images.items()
        copy = tmp_path / "copy"
        target = ("--to-oci-layout", f"{copy}:x")
        PROGRAMS.output(
            *("oras", "copy", "--from-plain-http", f"{artifact.host}/{name}", *target),
            home=tmp_path,
        )

        assert blobs_of(copy) == names_of(image)

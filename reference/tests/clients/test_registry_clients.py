"""Clients that read registries without running anything: skopeo, crane, regctl, oras."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from injector_fixtures.oci.image import Image
from tests.clients.registry import Registry, output

PLAIN = "--tls-verify=false"


def blobs_of(layout: Path) -> dict[str, str]:
    """The blobs of an OCI layout on disk, by name, each with the digest of what it holds."""
    files = (layout / "blobs" / "sha256").iterdir()
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def names_of(image: Image) -> dict[str, str]:
    return {digits: digits for digits in image.content}


@pytest.mark.needs("skopeo")
class TestSkopeo:
    def test_copies_every_image(self, golden: Registry, tmp_path: Path) -> None:
        for number, (reference, image) in enumerate(golden.references().items()):
            copy = tmp_path / str(number)
            source = f"docker://{reference}"
            output("skopeo", "copy", f"--src-{PLAIN[2:]}", source, f"dir:{copy}", home=tmp_path)
            files = {one.name: one.read_bytes() for one in copy.iterdir()}

            assert files.pop("manifest.json") == image.manifest.data
            assert files.pop("version")
            assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == {
                blob.hexadecimal: blob.hexadecimal for blob in image.blobs
            }

    def test_inspects_every_image(self, golden: Registry, tmp_path: Path) -> None:
        for reference, image in golden.references().items():
            told = json.loads(
                output("skopeo", "inspect", PLAIN, f"docker://{reference}", home=tmp_path)
            )

            assert told["Digest"] == image.digest
            assert told["Layers"] == [one.digest for one in image.blobs[1:]]

    def test_lists_tags(self, golden: Registry, tmp_path: Path) -> None:
        for name in golden.layout.images:
            path, _, tag = name.rpartition(":")
            source = f"docker://{golden.host}/{path}"
            told = json.loads(output("skopeo", "list-tags", PLAIN, source, home=tmp_path))

            assert told["Tags"] == [tag]

    def test_copies_an_index_and_its_children(self, index: Registry, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        source = f"docker://{index.host}/tools/many:1"
        output(
            *("skopeo", "copy", "--all", f"--src-{PLAIN[2:]}", source, f"oci:{copy}:x"),
            home=tmp_path,
        )

        assert blobs_of(copy) == names_of(index.layout.images["tools/many:1"])


@pytest.mark.needs("crane")
class TestCrane:
    def test_finds_every_image_whole(self, golden: Registry, tmp_path: Path) -> None:
        for reference, image in golden.references().items():
            digest = output("crane", "digest", "--insecure", reference, home=tmp_path)
            manifest = output("crane", "manifest", "--insecure", reference, home=tmp_path)
            output("crane", "validate", "--insecure", "--remote", reference, home=tmp_path)

            assert digest.strip() == image.digest
            assert manifest.encode().rstrip(b"\n") == image.manifest.data.rstrip(b"\n")

    def test_pulls_every_image(self, golden: Registry, tmp_path: Path) -> None:
        for number, (reference, image) in enumerate(golden.references().items()):
            copy = tmp_path / str(number)
            output(
                *("crane", "pull", "--insecure", "--format=oci", reference, str(copy)),
                home=tmp_path,
            )

            assert blobs_of(copy) == names_of(image)

    def test_lists_tags(self, golden: Registry, tmp_path: Path) -> None:
        source = f"{golden.host}/library/seed"

        assert output("crane", "ls", "--insecure", source, home=tmp_path) == "3.1.1\n"

    def test_pulls_an_index_and_its_children(self, index: Registry, tmp_path: Path) -> None:
        source = f"{index.host}/tools/many:1"
        output("crane", "validate", "--insecure", "--remote", source, home=tmp_path)


@pytest.mark.needs("regctl")
class TestRegctl:
    def test_copies_every_image(self, golden: Registry, tmp_path: Path) -> None:
        for number, (reference, image) in enumerate(golden.references().items()):
            copy = tmp_path / str(number)
            self.regctl(golden, tmp_path, "image", "copy", reference, f"ocidir://{copy}:x")

            assert blobs_of(copy) == names_of(image)

    def test_lists_tags_and_finds_no_referrers(self, golden: Registry, tmp_path: Path) -> None:
        source = f"{golden.host}/library/seed"
        referrers = self.regctl(
            *(golden, tmp_path, "artifact", "list", f"{source}:3.1.1", "--format", "{{json .}}")
        )

        assert self.regctl(golden, tmp_path, "tag", "ls", source) == "3.1.1\n"
        assert not json.loads(referrers).get("descriptors")

    def regctl(self, registry: Registry, home: Path, *words: str) -> str:
        host = f"reg={registry.host},tls=disabled"
        return output("regctl", "--host", host, *words, home=home)


@pytest.mark.needs("oras")
class TestOras:
    def test_copies_every_image(self, golden: Registry, tmp_path: Path) -> None:
        for number, (reference, image) in enumerate(golden.references().items()):
            copy = tmp_path / str(number)
            target = ("--to-oci-layout", f"{copy}:x")
            output("oras", "copy", "--from-plain-http", reference, *target, home=tmp_path)

            assert blobs_of(copy) == names_of(image)

    def test_lists_tags_and_finds_no_referrers(self, golden: Registry, tmp_path: Path) -> None:
        source = f"{golden.host}/library/seed"
        tags = output("oras", "repo", "tags", "--plain-http", source, home=tmp_path)
        found = output(
            *("oras", "discover", "--plain-http", "--format", "json", f"{source}:3.1.1"),
            home=tmp_path,
        )

        assert tags == "3.1.1\n"
        assert not json.loads(found).get("manifests")
        assert not json.loads(found).get("referrers")

    def test_copies_three_thousand_blobs(self, artifact: Registry, tmp_path: Path) -> None:
        ((name, image),) = artifact.layout.images.items()
        copy = tmp_path / "copy"
        target = ("--to-oci-layout", f"{copy}:x")
        output(
            *("oras", "copy", "--from-plain-http", f"{artifact.host}/{name}", *target),
            home=tmp_path,
        )

        assert blobs_of(copy) == names_of(image)

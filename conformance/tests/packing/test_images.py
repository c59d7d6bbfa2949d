"""Payloads of images: what is in them, and that nothing else decides about it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import time
from pathlib import Path

import pytest

from injector_conformance.packing.unified.images import PackedImages, pack_images
from injector_fixtures.golden import unified
from injector_fixtures.oci import samples
from injector_fixtures.oci.layout import BASE_NAME, CHUNK_SIZE, MARKER
from injector_fixtures.seeded import noise
from tests.packing.sources import (
    archived,
    docker_image,
    files_of,
    layer,
    layout_files,
    without_names,
    write,
)

SEED = "library/seed:3.1.1"


def joined(packed: PackedImages) -> bytes:
    return b"".join(chunk.read_bytes() for chunk in packed.payload.chunks)


def archive_of(packed: PackedImages) -> bytes:
    return gzip.decompress(joined(packed))


@pytest.fixture
def docker_archive(tmp_path: Path) -> Path:
    path = tmp_path / "registry.tar"
    path.write_bytes(docker_image().content)
    return path


class TestLayout:
    def test_a_layout_as_zarf_packs_it_is_packed_into_the_golden_archive(
        self, tmp_path: Path
    ) -> None:
        golden = unified.small()
        packed = pack_images([str(write(layout_files(golden), tmp_path / "in"))], tmp_path / "out")

        assert archive_of(packed) == gzip.decompress(golden.payload())
        assert {one.name: one.digest for one in packed.images} == {
            name: image.digest for name, image in golden.images.items()
        }

    def test_directory_and_archive_are_the_same(self, tmp_path: Path) -> None:
        files = layout_files(unified.small())
        (tmp_path / "layout.tar").write_bytes(archived(files))
        (tmp_path / "layout.tar.gz").write_bytes(gzip.compress(archived(files)))
        sources = [write(files, tmp_path / "in"), *sorted(tmp_path.glob("layout.tar*"))]

        payloads = {
            pack_images([str(source)], tmp_path / f"out-{number}").payload.sha256
            for number, source in enumerate(sources)
        }
        assert len(sources) == 3
        assert len(payloads) == 1

    @pytest.mark.parametrize(
        ("notes", "name"),
        [
            ({"org.opencontainers.image.ref.name": "ghcr.io/x/seed:1"}, "x/seed:1"),
            (
                {
                    "io.containerd.image.name": "docker.io/library/seed:2",
                    "org.opencontainers.image.ref.name": "2",
                },
                "library/seed:2",
            ),
        ],
    )
    def test_names_of_other_writers(
        self, notes: dict[str, str], name: str, tmp_path: Path
    ) -> None:
        files = without_names(layout_files(samples.plain()), notes)
        packed = pack_images([str(write(files, tmp_path / "in"))], tmp_path / "out")

        assert [one.name for one in packed.images] == [name]

    def test_a_name_of_ones_own(self, tmp_path: Path) -> None:
        files = without_names(layout_files(samples.plain()))
        source = write(files, tmp_path / "in")
        packed = pack_images([f"quay.io/a/b:c={source}"], tmp_path / "out")

        assert [one.name for one in packed.images] == ["a/b:c"]

    def test_a_name_by_digest(self, tmp_path: Path) -> None:
        source = write(layout_files(samples.plain()), tmp_path / "in")
        digest = samples.plain().images[SEED].digest
        packed = pack_images([f"a/b:c@{digest}={source}"], tmp_path / "out")

        assert [one.name for one in packed.images] == [f"a/b@{digest}"]

    def test_of_several_platforms_the_one_that_is_wanted(self, tmp_path: Path) -> None:
        layout = samples.with_index()
        files = layout_files(layout)
        source = f"tools/many:1={write(files, tmp_path / 'in')}"
        index = json.loads(files["index.json"])
        index["manifests"] = [
            one for one in index["manifests"] if one["annotations"][BASE_NAME] != SEED
        ]
        (tmp_path / "in" / "index.json").write_text(json.dumps(index))

        packed = pack_images([source], tmp_path / "out", platform="linux/arm64")
        names = files_of(archive_of(packed))
        assert packed.architecture == "arm64"
        # The index itself stays behind: Zarf packs images for one platform only.
        assert len([name for name in names if name.startswith("blobs/")]) == 4


class TestDockerArchive:
    def test_layers_and_configuration_stay_as_they_are(
        self, docker_archive: Path, tmp_path: Path
    ) -> None:
        packed = pack_images([str(docker_archive)], tmp_path / "out")
        files = files_of(archive_of(packed))
        (image,) = packed.images

        assert (image.name, image.platform) == ("library/registry:3", "linux/amd64")
        manifest = json.loads(files[f"blobs/sha256/{image.digest.removeprefix('sha256:')}"])
        assert manifest["config"]["digest"] == docker_image().image_id
        assert [one["digest"] for one in manifest["layers"]] == list(docker_image().layers)
        for one in [manifest["config"], *manifest["layers"]]:
            data = files[f"blobs/sha256/{one['digest'].removeprefix('sha256:')}"]
            assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (
                one["size"],
                one["digest"],
            )
        assert {one["mediaType"] for one in manifest["layers"]} == {
            "application/vnd.oci.image.layer.v1.tar"
        }

    def test_compressed_layers_stay_compressed(self, tmp_path: Path) -> None:
        files = files_of(docker_image().content)
        for name in [name for name in files if name.endswith("layer.tar")]:
            files[name] = gzip.compress(files[name], mtime=0)
        source = tmp_path / "compressed.tar"
        source.write_bytes(archived(files))

        packed = pack_images([str(source)], tmp_path / "out")
        inside = files_of(archive_of(packed))
        manifest = json.loads(inside[f"blobs/sha256/{packed.images[0].digest[7:]}"])
        assert {one["mediaType"] for one in manifest["layers"]} == {
            "application/vnd.oci.image.layer.v1.tar+gzip"
        }

    def test_a_layer_that_is_there_twice_is_packed_once(self, tmp_path: Path) -> None:
        files = files_of(docker_image("a:1", "same").content)
        listed = json.loads(files["manifest.json"])
        (config,) = [name for name in files if name.endswith(".json") and name != "manifest.json"]
        told = json.loads(files.pop(config))
        told["rootfs"]["diff_ids"] *= 2
        listed[0]["Layers"] *= 2
        files |= {config: json.dumps(told).encode(), "manifest.json": json.dumps(listed).encode()}
        source = tmp_path / "twice.tar"
        source.write_bytes(archived(files))

        packed = pack_images([str(source)], tmp_path / "out")
        assert len(packed.images[0].blobs) == 3
        names = [name for name in files_of(archive_of(packed)) if name.startswith("blobs/")]
        assert len(names) == 3

    def test_layers_by_link(self, tmp_path: Path) -> None:
        """Docker and podman write a layer once, and link to it."""
        files = files_of(docker_image().content)
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as opened:
            for name, data in files.items():
                link = tarfile.TarInfo(name)
                if name.endswith("/layer.tar"):
                    link.type, link.linkname = tarfile.SYMTYPE, f"../{name[:10]}.tar"
                    opened.addfile(link)
                    name = f"{name[:10]}.tar"  # noqa: PLW2901
                member = tarfile.TarInfo(name)
                member.size = len(data)
                opened.addfile(member, io.BytesIO(data))
        linked, plain = tmp_path / "linked.tar", tmp_path / "plain.tar"
        linked.write_bytes(buffer.getvalue())
        plain.write_bytes(docker_image().content)

        first = pack_images([str(linked)], tmp_path / "one")
        assert first.payload.sha256 == pack_images([str(plain)], tmp_path / "two").payload.sha256

    def test_all_tags_of_all_images(self, tmp_path: Path) -> None:
        first, second = docker_image("a:1", "one"), docker_image("b:1", "two")
        files = {**files_of(first.content), **files_of(second.content)}
        listed = [
            *json.loads(files_of(first.content)["manifest.json"]),
            *json.loads(files_of(second.content)["manifest.json"]),
        ]
        listed[0]["RepoTags"].append("quay.io/x/a:2")
        files["manifest.json"] = json.dumps(listed).encode()
        source = tmp_path / "both.tar"
        source.write_bytes(archived(files))

        packed = pack_images([str(source)], tmp_path / "out")
        assert [one.name for one in packed.images] == ["library/a:1", "x/a:2", "library/b:1"]


class TestForm:
    def test_it_is_cut_as_zarf_cuts_it(self, tmp_path: Path) -> None:
        source = tmp_path / "large.tar"
        source.write_bytes(docker_image("a:1", noise("large", 2_000_000).hex()).content)
        packed = pack_images([str(source)], tmp_path / "out")

        *full, last = [chunk.stat().st_size for chunk in packed.payload.chunks]
        assert set(full) == {CHUNK_SIZE} == {786_432}
        assert 0 < last <= CHUNK_SIZE
        assert hashlib.sha256(joined(packed)).hexdigest() == packed.payload.sha256
        assert joined(packed)[:10] == b"\x1f\x8b\x08\x00\x00\x09\x6e\x88\x00\xff"

    def test_the_archive_is_zarfs(self, docker_archive: Path, tmp_path: Path) -> None:
        packed = pack_images([str(docker_archive)], tmp_path / "out")
        content = archive_of(packed)
        with tarfile.open(fileobj=io.BytesIO(content)) as opened:
            members = opened.getmembers()
        layers = {f"blobs/sha256/{one[7:]}" for one in docker_image().layers}

        names = [one.name for one in members]
        assert names == sorted(names)
        assert names[:2] == ["blobs", "blobs/sha256"]
        assert names[-2:] == ["index.json", "oci-layout"]
        assert content.count(b"blobs/sha256/\0") == 0
        assert {one.name for one in members if one.mode == 0o600} == layers
        assert {one.mode for one in members[-2:]} == {0o755}
        assert {(one.uid, one.gid, one.mtime, one.uname) for one in members} == {(0, 0, 0, "")}
        assert not any(one.pax_headers for one in members)
        assert files_of(content)["oci-layout"] == MARKER
        (descriptor,) = json.loads(files_of(content)["index.json"])["manifests"]
        assert descriptor["annotations"] == {BASE_NAME: "library/registry:3"}
        assert descriptor["artifactType"] == "application/vnd.oci.image.config.v1+json"

    def test_only_the_images_decide_about_the_bytes(
        self, docker_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = pack_images([str(docker_archive)], tmp_path / "one")
        shuffled = dict(reversed(files_of(docker_archive.read_bytes()).items()))
        other = tmp_path / "other" / "name.tar"
        other.parent.mkdir()
        other.write_bytes(archived(shuffled))
        os.utime(other, (1, 1))
        monkeypatch.setattr(time, "time", lambda: 1e9)
        monkeypatch.chdir(tmp_path)
        mask = os.umask(0o077)
        try:
            second = pack_images(["other/name.tar"], Path("two"))
        finally:
            os.umask(mask)

        assert joined(first) == joined(second)

    def test_one_image_twice_is_packed_once(self, docker_archive: Path, tmp_path: Path) -> None:
        once = pack_images([str(docker_archive)], tmp_path / "one")
        twice = pack_images([str(docker_archive)] * 2, tmp_path / "two")

        assert joined(once) == joined(twice)

    def test_a_layer_of_two_images_is_there_once(self, tmp_path: Path) -> None:
        for name, texts in (("a", ("base", "a")), ("b", ("base", "b"))):
            (tmp_path / f"{name}.tar").write_bytes(docker_image(f"{name}:1", *texts).content)
        packed = pack_images([str(tmp_path / f"{one}.tar") for one in "ab"], tmp_path / "out")

        shared = f"blobs/sha256/{hashlib.sha256(layer('base')).hexdigest()}"
        with tarfile.open(fileobj=io.BytesIO(archive_of(packed))) as opened:
            assert opened.getnames().count(shared) == 1
        assert [one.name for one in packed.images] == ["library/a:1", "library/b:1"]

"""What cannot be packed gets one line that says what, where and what to do; nothing is left."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.cli import main
from injector_fixtures.oci import samples
from tests.packing.sources import (
    archived,
    docker_image,
    files_of,
    layout_files,
    without_names,
    write,
)

Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Packs, and returns the line that says why it was refused."""

    def pack(*sources: str | Path, options: tuple[str, ...] = ()) -> str:
        words = ["pack", "--profile", "unified", "-o", str(tmp_path / "out"), *options]
        assert main([*words, "--", *map(str, sources)]) == 2
        said = capsys.readouterr()
        assert said.err.count("\n") == 1
        assert said.err.startswith("injector-conformance: ")
        assert "sha256 " not in said.out
        assert not list((tmp_path / "out").glob("*"))
        return said.err

    return pack


def saved(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(archived(files))
    return path


class TestNoImage:
    def test_nothing(self, refused: Refused) -> None:
        assert "no such file or directory" in refused("./nothing.tar")
        assert "no such file or directory" in refused("a/b:1=/nothing.tar")

    def test_no_name_of_a_store(
        self, refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        said = refused("nothing:1")
        assert "no such file, and no local store to look into: no docker, podman, ctr" in said

    @pytest.mark.parametrize("content", [b"", b"text\n", bytes(512), b"\x7fELF" + bytes(2000)])
    def test_another_file(self, content: bytes, refused: Refused, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(content)
        assert "is no image" in refused(path)

    def test_another_archive(self, refused: Refused, tmp_path: Path) -> None:
        said = refused(saved(tmp_path / "a.tar", {"etc/passwd": b"root"}))
        assert "it has neither index.json with oci-layout nor manifest.json" in said

    def test_another_directory(self, refused: Refused, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert "is no image" in refused(tmp_path / "empty")

    def test_what_cannot_be_read(self, refused: Refused) -> None:
        assert "/proc/self/mem: cannot be read: Input/output error" in refused("/proc/self/mem")

    def test_a_device(self, refused: Refused) -> None:
        assert "is neither a file nor a directory" in refused("/dev/null")

    def test_an_artifact(self, refused: Refused, tmp_path: Path) -> None:
        said = refused(write(layout_files(samples.empty_blob()), tmp_path / "in"))
        assert "its configuration names no platform" in said

    def test_zstandard(self, refused: Refused, tmp_path: Path) -> None:
        path = tmp_path / "a.tar.zst"
        path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
        assert "unpack it first: zstd -d" in refused(path)


class TestDamaged:
    @pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
    def test_an_archive_that_is_cut_short(
        self, part: float, refused: Refused, tmp_path: Path
    ) -> None:
        content = docker_image("a:1", "x" * 20_000, "y" * 30_000).content
        path = tmp_path / "cut.tar"
        path.write_bytes(content[: int(len(content) * part)])
        said = refused(path)
        assert "is cut short or damaged" in said or "whole?" in said

    def test_a_compressed_one(self, refused: Refused, tmp_path: Path) -> None:
        path = tmp_path / "cut.tar.gz"
        path.write_bytes(gzip.compress(docker_image().content)[:-200])
        assert "is cut short or damaged" in refused(path)
        path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff")
        assert "is cut short or damaged" in refused(path)

    def test_a_layer_is_missing(self, refused: Refused, tmp_path: Path) -> None:
        files = files_of(docker_image().content)
        name = next(name for name in files if name.endswith("layer.tar"))
        del files[name]
        assert f"layer {name}: is missing" in refused(saved(tmp_path / "a.tar", files))

    def test_a_layer_is_another(self, refused: Refused, tmp_path: Path) -> None:
        files = files_of(docker_image().content)
        name = next(name for name in files if name.endswith("layer.tar"))
        files[name] += bytes(512)
        assert "is not what the configuration names" in refused(saved(tmp_path / "a.tar", files))

    def test_a_configuration_is_missing(self, refused: Refused, tmp_path: Path) -> None:
        files = files_of(docker_image().content)
        name = next(name for name in files if name.endswith(".json") and name != "manifest.json")
        del files[name]
        assert f"has no {name}; is it whole?" in refused(saved(tmp_path / "a.tar", files))

    @pytest.mark.parametrize(
        "listed",
        [b"{", b"[]", b"{}", b"[1]", b'[{"Config": 1}]', b'[{"Config": "x", "Layers": [1]}]'],
    )
    def test_a_list_of_images_that_is_none(
        self, listed: bytes, refused: Refused, tmp_path: Path
    ) -> None:
        said = refused(saved(tmp_path / "a.tar", {"manifest.json": listed, "x": b"{}"}))
        assert "a.tar: manifest.json: " in said

    def test_a_blob_is_missing(self, refused: Refused, tmp_path: Path) -> None:
        layout = samples.plain()
        for number, digits in enumerate(layout.blobs):
            files = layout_files(layout)
            del files[f"blobs/sha256/{digits}"]
            said = refused(write(files, tmp_path / str(number)))
            assert digits in said
            assert "is it whole?" in said

    @pytest.mark.parametrize("is_longer", [False, True])
    def test_a_blob_is_another(self, is_longer: bool, refused: Refused, tmp_path: Path) -> None:
        layout = samples.plain()
        for number, digits in enumerate(layout.blobs):
            files = layout_files(layout)
            name = f"blobs/sha256/{digits}"
            files[name] = files[name] + b"x" if is_longer else files[name][:-1] + b"\n"
            assert "damaged" in refused(write(files, tmp_path / str(number)))

    @pytest.mark.parametrize(
        "index",
        [
            *(b"{", b"[]", b"{}", b'{"manifests": []}', b'{"manifests": {}}'),
            *(b'{"manifests": [1]}', b'{"manifests": [{"digest": "sha256:0"}]}', b"[" * 100_000),
            b'{"manifests": [{"digest": "sha256:' + b"0" * 64 + b'", "size": "1"}]}',
        ],
    )
    def test_an_index_that_is_none(self, index: bytes, refused: Refused, tmp_path: Path) -> None:
        files = {**layout_files(samples.plain()), "index.json": index}
        assert "in" in refused(write(files, tmp_path / "in"))


class TestNames:
    def test_two_images_of_one_name(self, refused: Refused, tmp_path: Path) -> None:
        for text in ("one", "two"):
            (tmp_path / text).write_bytes(docker_image("a:1", text).content)
        said = refused(tmp_path / "one", tmp_path / "two")
        assert "library/a:1: two images have this name" in said
        assert "rename one: NAME=SOURCE" in said

    def test_no_name(self, refused: Refused, tmp_path: Path) -> None:
        files = without_names(layout_files(samples.plain()))
        assert "has an image without a name" in refused(write(files, tmp_path / "in"))

    def test_a_tag_alone_is_no_name(self, refused: Refused, tmp_path: Path) -> None:
        notes = {"org.opencontainers.image.ref.name": "latest"}
        files = without_names(layout_files(samples.plain()), notes)
        assert "has an image without a name" in refused(write(files, tmp_path / "in"))

    def test_one_name_for_two_images(self, refused: Refused, tmp_path: Path) -> None:
        source = write(layout_files(samples.tags_of_one_name()), tmp_path / "in")
        assert "has 3 images" in refused(f"a/b:1={source}")

    def test_a_name_that_is_none(self, refused: Refused, tmp_path: Path) -> None:
        assert "is no name of an image" in refused(f"A B={tmp_path}")

    def test_another_digest(self, refused: Refused, tmp_path: Path) -> None:
        (tmp_path / "a.tar").write_bytes(docker_image().content)
        said = refused(f"a@sha256:{'0' * 64}={tmp_path / 'a.tar'}")
        assert "lose the digest that a registry gave" in said


class TestPlatforms:
    def test_several_of_one_image(self, refused: Refused, tmp_path: Path) -> None:
        source = write(layout_files(samples.with_index()), tmp_path / "in")
        said = refused(source)
        assert "several platforms: linux/amd64, linux/arm64; choose one by --platform" in said

    def test_none_that_is_wanted(self, refused: Refused, tmp_path: Path) -> None:
        source = write(layout_files(samples.with_index()), tmp_path / "in")
        said = refused(source, options=("--platform", "linux/riscv64"))
        assert "is not there for linux/riscv64, but for" in said
        (tmp_path / "a.tar").write_bytes(docker_image().content)
        said = refused(tmp_path / "a.tar", options=("--platform", "linux/arm64"))
        assert "is for linux/amd64, and linux/arm64 is wanted" in said

    def test_images_that_no_node_runs_together(self, refused: Refused, tmp_path: Path) -> None:
        for machine in ("amd64", "arm64"):
            image = docker_image(f"{machine}:1", platform={"architecture": machine})
            (tmp_path / machine).write_bytes(image.content)
        said = refused(tmp_path / "amd64", tmp_path / "arm64")
        assert "library/amd64:1 for linux/amd64, library/arm64:1 for linux/arm64" in said

    def test_a_configuration_without_one(self, refused: Refused, tmp_path: Path) -> None:
        files = files_of(docker_image().content)
        name = next(name for name in files if name.endswith(".json") and name != "manifest.json")
        told = json.loads(files[name])
        del told["architecture"]
        files[name] = json.dumps(told).encode()
        said = refused(saved(tmp_path / "a.tar", files))
        assert "its configuration names no platform" in said


class TestUsage:
    @pytest.mark.parametrize(
        ("profile", "option"),
        [
            ("stage1", ("--platform", "linux/amd64")),
            ("stage1", ("--mode", "proxy")),
            ("stage1", ("--ipv6",)),
            ("unified", ("--restricted",)),
            ("unified", ("--seed-image", "a:1")),
        ],
    )
    def test_options_of_the_other_profile(
        self,
        profile: str,
        option: tuple[str, ...],
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        words = ["pack", "--profile", profile, "-o", str(tmp_path / "out"), *option, "--", "x"]
        assert main(words) == 2
        assert f"{option[0]}: means nothing without --profile" in capsys.readouterr().err

    def test_no_injector(self, refused: Refused, tmp_path: Path) -> None:
        (tmp_path / "a.tar").write_bytes(docker_image().content)
        options = ("--injector", str(tmp_path / "none"))
        assert "none: cannot be read" in refused(tmp_path / "a.tar", options=options)

    def test_a_used_directory(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "a.tar").write_bytes(docker_image().content)
        words = [
            "pack",
            "--profile",
            "unified",
            "-o",
            str(tmp_path / "out"),
            str(tmp_path / "a.tar"),
        ]
        assert main(words) == 0
        assert main(words) == 2
        assert "holds chunks already" in capsys.readouterr().err

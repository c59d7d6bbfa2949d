"""Packed payloads and the Kubernetes objects that bring them in."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from injector_conformance.cli import main
from injector_conformance.packing.errors import PackError
from injector_conformance.packing.payload import pack
from injector_fixtures.layout import CHUNK_SIZE
from injector_fixtures.seeded import noise

LIMIT = 1_048_576
DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
KEY = re.compile(r"[-._a-zA-Z0-9]+")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A payload's two files, large enough for three chunks."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "zarf-registry").write_bytes(noise("registry", 300_000))
    (folder / "seed-image.tar").write_bytes(noise("image", 900_000))
    return [folder / "zarf-registry", folder / "seed-image.tar"]


class TestPayload:
    def test_what_is_packed_comes_out(self, files: list[Path], tmp_path: Path) -> None:
        packed = pack(files, tmp_path / "out")

        joined = b"".join(chunk.read_bytes() for chunk in packed.chunks)
        assert hashlib.sha256(joined).hexdigest() == packed.sha256
        assert len(joined) == packed.size
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(joined))) as archive:
            assert archive.getnames() == ["zarf-registry", "seed-image.tar"]
            for path in files:
                member = archive.extractfile(path.name)
                assert member is not None
                assert member.read() == path.read_bytes()

    def test_all_chunks_but_the_last_are_full(self, files: list[Path], tmp_path: Path) -> None:
        packed = pack(files, tmp_path / "out")

        sizes = [chunk.stat().st_size for chunk in packed.chunks]
        assert sizes[:-1] == [CHUNK_SIZE] * (len(sizes) - 1)
        assert 0 < sizes[-1] <= CHUNK_SIZE

    def test_names_sort_bytewise_beyond_a_thousand_chunks(
        self, files: list[Path], tmp_path: Path
    ) -> None:
        packed = pack(files, tmp_path / "out", 1000)

        names = [chunk.name for chunk in packed.chunks]
        assert len(names) > 1000
        assert names == sorted(names)

    def test_the_same_files_give_the_same_payload(self, files: list[Path], tmp_path: Path) -> None:
        first = pack(files, tmp_path / "one")
        for path in files:
            path.chmod(0o600)
        assert pack(files, tmp_path / "two").sha256 == first.sha256

    @pytest.mark.parametrize("name", ["missing", "."])
    def test_what_is_no_file_is_refused(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(PackError):
            pack([tmp_path / name], tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_two_files_of_one_name(self, files: list[Path], tmp_path: Path) -> None:
        with pytest.raises(PackError, match="too"):
            pack([files[0], files[0]], tmp_path / "out")

    def test_chunks_that_are_there_already_are_kept(
        self, files: list[Path], tmp_path: Path
    ) -> None:
        (tmp_path / "zarf-payload-old").write_text("old")

        with pytest.raises(PackError, match="holds chunks already"):
            pack(files, tmp_path)
        assert (tmp_path / "zarf-payload-old").read_text() == "old"


@pytest.fixture
def objects(files: list[Path], tmp_path: Path) -> dict[str, Any]:
    """The objects that the command writes, by file name."""
    injector = tmp_path / "zarf-injector"
    injector.write_bytes(noise("injector", 12_000))
    out = tmp_path / "out"
    words = ["pack", "-o", str(out), "--manifests", "--injector", str(injector)]
    assert main([*words, *map(str, files)]) == 0
    return {path.stem: yaml.safe_load(path.read_text()) for path in (out / "manifests").iterdir()}


class TestManifests:
    def test_configmaps_keep_the_rules_of_the_api(self, objects: dict[str, Any]) -> None:
        maps = [one for one in objects.values() if one["kind"] == "ConfigMap"]

        assert len(maps) == 4
        for one in maps:
            assert DNS_SUBDOMAIN.fullmatch(one["metadata"]["name"])
            assert all(KEY.fullmatch(key) and len(key) <= 253 for key in one["binaryData"])
            values = [base64.b64decode(text, validate=True) for text in one["binaryData"].values()]
            assert sum(map(len, values)) <= LIMIT

    def test_chunks_are_labelled(self, objects: dict[str, Any]) -> None:
        chunk = objects["configmap-zarf-payload-000"]
        assert chunk["metadata"]["labels"] == {"zarf-injector": "payload"}

    def test_the_pod_is_that_of_v0_22(self, objects: dict[str, Any], tmp_path: Path) -> None:
        spec = objects["pod-injector"]["spec"]
        injector, registry = spec["initContainers"][0], spec["containers"][0]
        payload = b"".join(
            path.read_bytes() for path in sorted((tmp_path / "out").glob("zarf-payload-*"))
        )

        digest = hashlib.sha256(payload).hexdigest()
        assert injector["command"] == ["/zarf-stage1/zarf-injector", digest]
        assert injector["workingDir"] == "/zarf-stage1"
        assert injector["resources"]["limits"]["memory"] == "256Mi"
        assert registry["command"][:2] == [
            "/zarf-stage2/zarf-registry",
            "/zarf-stage2/seed-image.tar",
        ]
        assert {one["name"] for one in registry["env"]} == {
            *("SHA256_IMAGE", "SHA256_ZARF", "SEED_IMAGE"),
        }

    def test_every_mount_has_its_volume(self, objects: dict[str, Any]) -> None:
        spec = objects["pod-injector"]["spec"]
        volumes = {one["name"]: one for one in spec["volumes"]}
        mounts = [
            mount
            for container in spec["initContainers"] + spec["containers"]
            for mount in container["volumeMounts"]
        ]

        assert {one["name"] for one in mounts} == set(volumes)
        assert volumes["injector-binaries"]["configMap"]["defaultMode"] == 0o777
        assert volumes["stage2"]["emptyDir"] == {}
        for mount in mounts:
            if "subPath" in mount:
                assert mount["mountPath"] == f"/zarf-stage1/{mount['subPath']}"

    def test_files_say_the_same_without_anchors(
        self, objects: dict[str, Any], tmp_path: Path
    ) -> None:
        assert "&id" not in (tmp_path / "out" / "manifests" / "pod-injector.yaml").read_text()
        assert objects


class TestCommand:
    @pytest.mark.parametrize(
        "words", [["--chunk-size", "0"], ["--chunk-size", "1048577"], ["--chunk-size", "x"]]
    )
    def test_chunks_fit_a_configmap(
        self, words: list[str], files: list[Path], tmp_path: Path
    ) -> None:
        with pytest.raises(SystemExit) as caught:
            main(["pack", "-o", str(tmp_path / "out"), *words, str(files[0])])
        assert caught.value.code == 2

    def test_a_missing_file_gets_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["pack", "-o", str(tmp_path / "out"), str(tmp_path / "none")]) == 2
        assert capsys.readouterr().err.count("\n") == 1

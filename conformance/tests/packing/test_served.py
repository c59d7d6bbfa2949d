"""What is packed, served by the reference, pulled by real clients with the same digest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from injector_conformance.packing.unified.images import PackedImages, pack_images
from tests.packing.sources import docker_image

SECONDS = 120


def output(*words: str, home: Path) -> str:
    program = shutil.which(words[0])
    assert program
    done = subprocess.run(
        [program, *words[1:]],
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[PackedImages, str]]:
    """What was packed, and where it is served."""
    source = tmp_path / "image.tar"
    source.write_bytes(docker_image("registry.example/team/seed:1", "one", "two").content)
    packed = pack_images([str(source)], tmp_path / "init")
    (tmp_path / "seed").mkdir()
    roots = {
        "ZARF_INJECTOR_INIT_ROOT": str(tmp_path / "init"),
        "ZARF_INJECTOR_SEED_ROOT": str(tmp_path / "seed"),
    }
    command = [sys.executable, "-P", "-m", "zarf_injector.unified"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, packed.payload.sha256, "127.0.0.1:0"],
            env=roots,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, b"")
        told = next(line for line in lines if line.startswith(b"listening on "))
        yield packed, f"127.0.0.1:{int(told.rpartition(b':')[2])}"
    finally:
        process.kill()
        process.communicate()


@pytest.mark.needs("skopeo")
def test_skopeo(served: tuple[PackedImages, str], tmp_path: Path) -> None:
    packed, host = served
    (image,) = packed.images
    options = ("--tls-verify=false", f"docker://{host}/{image.name}")
    told = json.loads(output("skopeo", "inspect", *options, home=tmp_path))

    assert image.name == "team/seed:1"
    assert told["Digest"] == image.digest
    assert told["Layers"] == list(image.blobs[1:])


@pytest.mark.needs("crane")
def test_crane(served: tuple[PackedImages, str], tmp_path: Path) -> None:
    packed, host = served
    (image,) = packed.images
    path = image.name.partition(":")[0]
    for reference in (f"{host}/{image.name}", f"{host}/{path}@{image.digest}"):
        digest = output("crane", "digest", "--insecure", reference, home=tmp_path)
        assert digest.strip() == image.digest
        # Not "validate": it takes every layer for a compressed one.
        words = ("crane", "pull", "--insecure", "--format=oci", reference)
        output(*words, str(tmp_path / "pulled"), home=tmp_path)
    blobs = {f"sha256:{one.name}" for one in (tmp_path / "pulled/blobs/sha256").iterdir()}
    assert blobs == {image.digest, *image.blobs}


@pytest.mark.needs("container", "docker")
def test_docker_packs_what_it_pulls(served: tuple[PackedImages, str], tmp_path: Path) -> None:
    packed, host = served
    (image,) = packed.images
    name = f"{host}/{image.name}"
    try:
        output("docker", "pull", name, home=tmp_path)
        again = pack_images([name], tmp_path / "again", store="docker")
    finally:
        output("docker", "image", "rm", name, home=tmp_path)

    assert again.images == packed.images
    assert again.payload.sha256 == packed.payload.sha256

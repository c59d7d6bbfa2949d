"""Runtimes that pull to run: containerd, docker, podman."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.registry import SECONDS, Registry, output, run


@pytest.mark.needs("container", "docker")
def test_docker_pulls_every_image(golden: Registry, tmp_path: Path) -> None:
    for reference, image in golden.references().items():
        try:
            output("docker", "pull", reference, home=tmp_path)
            (told,) = json.loads(output("docker", "image", "inspect", reference, home=tmp_path))
        finally:
            run("docker", "image", "rm", reference, home=tmp_path)

        config = image.blobs[0]
        assert told["Id"] == config.digest
        assert {one.rpartition("@")[2] for one in told["RepoDigests"]} == {image.digest}


@pytest.mark.needs("podman", "root")
def test_podman_pulls_every_image(golden: Registry, tmp_path: Path) -> None:
    # Podman wants a short path here.
    with tempfile.TemporaryDirectory() as state:
        store = ("--root", str(tmp_path / "root"), "--runroot", state)
        podman = ("podman", *store, "--storage-driver", "vfs")
        for reference, image in golden.references().items():
            output(*podman, "pull", "--tls-verify=false", reference, home=tmp_path)
            (told,) = json.loads(output(*podman, "image", "inspect", reference, home=tmp_path))
            output(*podman, "rmi", "--force", told["Id"], home=tmp_path)

            assert f"sha256:{told['Id']}" == image.blobs[0].digest
            assert told["Digest"] == image.digest


@pytest.fixture
def containerd(tmp_path: Path) -> Iterator[str]:
    """The socket of a containerd of our own."""
    socket = tmp_path / "socket"
    configuration = tmp_path / "config.toml"
    configuration.write_text(
        f"""
        version = 2
        root = "{tmp_path}/root"
        state = "{tmp_path}/state"
        disabled_plugins = ["io.containerd.grpc.v1.cri"]
        [grpc]
        address = "{socket}"
        """
    )
    with (tmp_path / "log").open("wb") as log:
        daemon = subprocess.Popen(
            ["containerd", "--config", str(configuration)], stdout=log, stderr=log, cwd=tmp_path
        )
        try:
            end = time.monotonic() + SECONDS
            while run("ctr", "--address", str(socket), "version", home=tmp_path).returncode:
                assert daemon.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < end
                time.sleep(0.1)
            yield str(socket)
        finally:
            daemon.terminate()
            daemon.wait(SECONDS)


@pytest.mark.needs("containerd", "ctr", "root")
def test_containerd_pulls_every_image(golden: Registry, containerd: str, tmp_path: Path) -> None:
    ctr = ("ctr", "--address", containerd)
    for reference, image in golden.references().items():
        output(
            *(*ctr, "images", "pull", "--plain-http", "--snapshotter", "native", reference),
            home=tmp_path,
        )
        listed = output(*ctr, "images", "list", f"name=={reference}", home=tmp_path)
        contents = set(output(*ctr, "content", "list", "--quiet", home=tmp_path).split())
        output(*ctr, "images", "remove", "--sync", reference, home=tmp_path)

        assert image.digest in listed
        assert {f"sha256:{digits}" for digits in image.content} <= contents

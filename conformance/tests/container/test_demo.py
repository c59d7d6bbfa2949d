"""The whole story, from files to an image pulled from a registry."""

from __future__ import annotations

import subprocess
import sys

import docker
import pytest


@pytest.mark.needs("container", "root", "arm64", "skopeo", "docker-registry")
def test_the_story_ends_well(daemon: docker.DockerClient) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "injected in Alpine on linux/arm64, chunks as volume of links" in done.stdout
    assert "the same image, sha256:" in done.stdout
    tags = [tag for image in daemon.images.list() for tag in image.tags]
    assert not [tag for tag in tags if tag.endswith("library/alpine:seed")]

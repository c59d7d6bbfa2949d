"""The whole story in containers: as it is today, and with a hand-over as it was before."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from injector_conformance.host.leftovers import LABEL

pytestmark = pytest.mark.needs("container", "root")

handing_over = pytest.mark.needs("arm64", "skopeo", "docker-registry")


def started(scratch: Path, profile: str) -> subprocess.Popen[str]:
    """The demonstration, with its files below ``scratch``."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "demo", "--containers", "--profile", profile],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def leftovers(daemon: docker.DockerClient, process: int, scratch: Path) -> list[str]:
    """Containers, images, files and programs of an ended demonstration."""
    containers = daemon.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)
    owned = [str(one.id) for one in containers if one.labels[LABEL].split("/")[-2] == str(process)]
    tags = [tag for image in daemon.images.list() for tag in image.tags]
    return [
        *owned,
        *(tag for tag in tags if "library/alpine:seed" in tag or "library/seed:" in tag),
        *(path.name for path in scratch.iterdir()),
        *(line for line in _commands() if str(scratch) in line),
    ]


def _commands() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes().replace(b"\0", b" ").decode(errors="replace")


def test_an_image_is_served_pulled_and_run(daemon: docker.DockerClient, work: Path) -> None:
    with started(work, "unified") as process:
        stdout, stderr = process.communicate()

    assert (process.returncode, stderr) == (0, "")
    assert "library/seed:1 runs, with the digests that were packed" in stdout
    assert "the same image, sha256:" in stdout
    assert leftovers(daemon, process.pid, work) == []


@handing_over
def test_files_are_handed_over(daemon: docker.DockerClient, work: Path) -> None:
    with started(work, "stage1") as process:
        stdout, stderr = process.communicate()

    assert (process.returncode, stderr) == (0, "")
    assert "injected in Alpine on linux/arm64, chunks as volume of links" in stdout
    assert "the same image, sha256:" in stdout
    assert leftovers(daemon, process.pid, work) == []


@pytest.mark.parametrize(
    ("profile", "moment"),
    [
        ("unified", "the injector is ready in Alpine"),
        pytest.param("stage1", "packed, with manifests", marks=handing_over),
        pytest.param("stage1", "loaded by the daemon", marks=handing_over),
    ],
)
def test_an_interrupted_story_leaves_nothing(
    daemon: docker.DockerClient, work: Path, profile: str, moment: str
) -> None:
    with started(work, profile) as process:
        assert process.stdout is not None
        assert any(moment in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate()

    assert (process.returncode, stderr) == (130, "demo: interrupted\n")
    assert leftovers(daemon, process.pid, work) == []

"""``python -m injector_conformance.images`` against a real daemon."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from injector_conformance.images.pins import ALPINE, pin
from injector_conformance.images.store import connect, is_there

COMMAND = (sys.executable, "-m", "injector_conformance.images")


@pytest.mark.needs("container")
@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_the_daemon_has_the_pinned_alpine_afterwards(architecture: str) -> None:
    platform = f"linux/{architecture}"
    wanted = pin(ALPINE, platform)

    done = subprocess.run(
        [*COMMAND, "--platform", platform, "--no-emulation"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert wanted is not None
    with connect() as client:
        assert is_there(client, wanted)


def test_without_a_daemon_there_is_one_clear_line() -> None:
    done = subprocess.run(
        COMMAND,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"},
    )

    assert done.returncode == 1
    assert done.stderr == (
        "images: no container daemon answers; start Docker, or set DOCKER_HOST to one that runs\n"
    )


def test_an_unknown_platform_is_wrong_usage() -> None:
    done = subprocess.run(
        [*COMMAND, "--platform", "linux/vax"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "there is no image for linux/vax" in done.stderr

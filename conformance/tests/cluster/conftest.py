"""A node for all tests that need one; the native injectors."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster_node import node
from cluster_node.places import Places
from tests.cluster.wrong import NATIVE


@contextmanager
def locked(folder: Path, name: str = "node.lock") -> Iterator[None]:
    with (folder / name).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that all workers of a run have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture
def kubeconfig(running: Path, shared: Path) -> Iterator[Path]:
    """Of a node that no other test uses meanwhile: each looks for what it has left there."""
    with locked(shared, "node.turn"):
        yield running


@pytest.fixture(scope="session")
def running(shared: Path) -> Iterator[Path]:
    """The kubeconfig of the node that runs already, or of one that runs as long as the tests.

    Workers of one run share it: the first brings it up, the last one down.
    """
    places, folder = Places(), shared
    own, user = folder / "node.own", folder / f"node.user-{os.getpid()}"
    with locked(folder):
        if not node.is_ready(places):
            own.touch()
            node.up(places, lambda _: None)
        user.touch()
    try:
        yield places.kubeconfig
    finally:
        with locked(folder):
            user.unlink()
            if own.exists() and not any(folder.glob("node.user-*")):
                node.down(places, lambda _: None)
                own.unlink()


@pytest.fixture(scope="session")
def native(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the native injectors."""
    folder = tmp_path_factory.mktemp("native")
    subprocess.run(
        [sys.executable, NATIVE / "build.py", "-o", folder, "--cache", folder / "cache"],
        check=True,
        capture_output=True,
    )
    return folder

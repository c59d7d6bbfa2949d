"""Where the benchmarks work, and what on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from benchmarks import payloads
from benchmarks.payloads import Prepared

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- a directory of our own is made in it
"""Where a disk has no say in the results."""

ROOM: Final = 1_500_000_000
"""Bytes that the largest payload and its tree take, with something to spare."""


@pytest.fixture(scope="session")
def workspace() -> Iterator[Path]:
    """A directory for this run, in memory if there is enough of it."""
    roomy = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if roomy else None) as name:
        yield Path(name)


@pytest.fixture
def output(workspace: Path) -> Path:
    """The output directory."""
    return workspace / "output"


@pytest.fixture(scope="session")
def seed(workspace: Path) -> Prepared:
    """See :func:`benchmarks.payloads.seed`."""
    return payloads.seed(workspace / "seed")


@pytest.fixture(scope="session")
def tree(workspace: Path) -> Prepared:
    """See :func:`benchmarks.payloads.tree`."""
    return payloads.tree(workspace / "tree")

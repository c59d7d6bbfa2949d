"""The golden images and some odd ones, served by a process of its own to real clients."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from injector_fixtures.golden import unified
from injector_fixtures.oci import samples
from injector_fixtures.oci.layout import Layout
from tests.clients.registry import Registry
from tests.unified_process import serving


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


@contextmanager
def registry_of(layout: Layout, directory: Path) -> Iterator[Registry]:
    with serving(layout.init_directory(), directory) as served:
        output = served.popen.stdout
        drain = threading.Thread(target=shutil.copyfileobj, args=(output, _Nowhere()))
        drain.start()
        yield Registry(layout, served.port)
        assert served.popen.poll() is None, "a client has ended the injector"
        served.popen.kill()
        drain.join()


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """An OCI image and a Docker image."""
    with registry_of(unified.small(), tmp_path_factory.mktemp("golden")) as registry:
        yield registry


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """An image, and an index of two."""
    with registry_of(samples.with_index(), tmp_path_factory.mktemp("index")) as registry:
        yield registry


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """An artifact of three thousand blobs."""
    with registry_of(samples.many_blobs(), tmp_path_factory.mktemp("artifact")) as registry:
        yield registry

"""The same images as the reference's, served by the native program to the same clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from injector_fixtures.golden import unified
from injector_fixtures.oci import samples
from tests import unified_process
from tests.clients.conftest import registry_of
from tests.clients.registry import Registry


@pytest.fixture(scope="module")
def golden(
    native: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    """An OCI image and a Docker image."""
    assert native == unified_process.COMMAND
    with registry_of(unified.small(), tmp_path_factory.mktemp("golden")) as registry:
        yield registry


@pytest.fixture(scope="module")
def index(native: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """An image, and an index of two."""
    assert native == unified_process.COMMAND
    with registry_of(samples.with_index(), tmp_path_factory.mktemp("index")) as registry:
        yield registry


@pytest.fixture(scope="module")
def artifact(
    native: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    """An artifact of three thousand blobs."""
    assert native == unified_process.COMMAND
    with registry_of(samples.many_blobs(), tmp_path_factory.mktemp("artifact")) as registry:
        yield registry

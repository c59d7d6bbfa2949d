"""The same images as the reference's, served by the native program to the same clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import unified_process
from tests.clients import conftest as reference
from tests.clients.registry import Registry

golden = reference.golden
index = reference.index
artifact = reference.artifact


@pytest.fixture(scope="session", autouse=True)
def native(unified_command: tuple[str, ...]) -> Iterator[None]:
    """Have the native program started where the reference would be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unified_process, "COMMAND", unified_command)
        yield


__all__ = ["Registry", "artifact", "golden", "index", "native"]

"""Fixtures of the reference's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from injector_fixtures import golden
from tests.injector_stage import Stage
from tests.served import Served, serve


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Two empty directories, and nothing else in the directory around them."""
    init, output = tmp_path / "init", tmp_path / "output"
    init.mkdir()
    output.mkdir()
    return Stage(init, output)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The golden layout, served."""
    with serve(golden.unified_layout(), tmp_path_factory.mktemp("golden")) as running:
        yield running

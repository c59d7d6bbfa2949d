"""Fixtures of the reference's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.injector_stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Two empty directories, and nothing else in the directory around them."""
    init, output = tmp_path / "init", tmp_path / "output"
    init.mkdir()
    output.mkdir()
    return Stage(init, output)

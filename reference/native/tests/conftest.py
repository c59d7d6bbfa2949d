"""The native programs, built once for each run of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from native import build
from native.tests.native_programs import Harness, emulator
from tests import unified_process


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The programs for every architecture, as ``build.py`` makes them, by name."""
    directory = tmp_path_factory.mktemp("programs")
    assert build.main(["-o", str(directory)]) == 0
    return {path.name: path for path in directory.iterdir()}


@pytest.fixture(scope="session", params=build.ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    """Each architecture in turn."""
    name: str = request.param
    return name


@pytest.fixture
def program(programs: dict[str, Path], architecture: str) -> Path:
    """The injector of profile ``stage1`` for the architecture in turn."""
    return programs[f"zarf-injector-{architecture}"]


@pytest.fixture(scope="session")
def unified(programs: dict[str, Path], architecture: str) -> Path:
    """The injector that serves, for the architecture in turn."""
    return programs[f"zarf-injector-unified-{architecture}"]


@pytest.fixture(scope="session")
def unified_command(unified: Path, architecture: str) -> tuple[str, ...]:
    """What runs it here."""
    emulating = emulator(architecture)
    return (str(unified),) if emulating is None else (emulating, str(unified))


@pytest.fixture(scope="module")
def native(unified_command: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Have the native program started where the reference would be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unified_process, "COMMAND", unified_command)
        yield unified_command


@pytest.fixture(scope="session")
def harness(architecture: str, tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """The harness for the architecture in turn."""
    path = tmp_path_factory.mktemp("harness") / f"harness-{architecture}"
    build.compile_program(
        build.HERE / "harness.zig", architecture, path, build.HERE / ".zig-cache"
    )
    return Harness(path, architecture)

"""Files that cannot be what they are named as: one line, at once, and status 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_WRONG_USAGE = 2
_SECONDS = 60


def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "injector_conformance", *words],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=_SECONDS,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path, 0o755)
    return path


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A sparse file of 3 GiB that begins as an ELF file does."""
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(b"\x7fELF\x02\x01\x01")
        file.truncate(3 << 30)
    path.chmod(0o755)
    return path


def test_a_fifo_as_subject(fifo: Path) -> None:
    result = _run("check", "--", fifo)

    assert result.returncode == _WRONG_USAGE
    assert result.stderr == (
        f"injector-conformance: {fifo}: not a regular file; name the injector's own file\n"
    )


def test_a_huge_file_as_subject(huge: Path) -> None:
    result = _run("check", "--", huge)

    assert result.returncode == _WRONG_USAGE
    assert "has 3,221,225,472 bytes, more than 268,435,456" in result.stderr


def test_a_huge_file_to_be_measured(huge: Path) -> None:
    result = _run("size", huge)

    assert result.returncode == _WRONG_USAGE
    assert "has 3,221,225,472 bytes, more than 268,435,456" in result.stderr


def test_an_elf_file_with_impossible_offsets_as_subject(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    content = bytearray(Path(sys.executable).resolve().read_bytes()[:4096])
    content[32:40] = b"\xff" * 8
    broken.write_bytes(content)
    broken.chmod(0o755)

    result = _run("check", "--", broken)

    assert result.returncode == _WRONG_USAGE
    assert "is a damaged ELF file" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["--baseline"])
def test_a_fifo_as_baseline(fifo: Path, option: str) -> None:
    result = _run("check", option, fifo, "--", "/bin/true")

    assert result.returncode == _WRONG_USAGE
    assert "not a regular file" in result.stderr


def test_a_fifo_as_report(fifo: Path, tmp_path: Path) -> None:
    result = _run("report", "-o", tmp_path / "out", fifo)

    assert result.returncode == _WRONG_USAGE
    assert "not a regular file" in result.stderr

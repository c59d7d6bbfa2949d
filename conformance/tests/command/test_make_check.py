"""``make check``: whose verdict it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("bubblewrap")

TOP = Path(__file__).resolve().parents[3]


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment that is set up already."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "pip").touch()
    own = Path(sys.executable)
    for name, program in (
        ("python", own),
        ("injector-conformance", own.with_name("injector-conformance")),
    ):
        path = folder / "bin" / name
        path.write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
        path.chmod(0o755)
    (folder / "check.stamp").touch()
    return folder


def make(
    venv: Path, *words: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    given = {key: value for key, value in os.environ.items() if key != "INJECTOR"}
    return subprocess.run(
        ["make", "-C", TOP, "check", f"VENV={venv}", "ARGS=--case tar-format-v7", *words],
        env=given | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["", "  ", '""', "$(NOT_SET)"])
def test_an_empty_injector_is_not_the_reference(venv: Path, command: str) -> None:
    done = make(venv, f"INJECTOR={command}")

    assert done.returncode
    assert "verdict" not in done.stdout
    assert "is the variable" in done.stderr


def test_nor_is_one_that_the_environment_has_empty(venv: Path) -> None:
    done = make(venv, environment={"INJECTOR": ""})

    assert done.returncode
    assert "nothing stands behind --" in done.stderr


def test_without_one_it_is_the_reference(venv: Path) -> None:
    done = make(venv)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "-m zarf_injector" in done.stdout


@pytest.mark.parametrize(
    "behind", ["; true", "&& true", "|| true", "| cat", "& true", "> /dev/null", "\ntrue"]
)
def test_nothing_behind_a_command_turns_its_verdict(venv: Path, behind: str) -> None:
    done = make(venv, f"INJECTOR=/bin/false{behind}")

    assert done.returncode
    assert "CONFORMANT" not in done.stdout.replace("NOT CONFORMANT", "")


@pytest.mark.parametrize("name", ["INJECTOR", "ARGS"])
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("./injector; true", "holds ;: it is one command"),
        ("./injector $(false) && true", "holds &&"),
        ("# ./injector 'x", "is a quotation left open?"),
    ],
)
def test_what_is_no_command_is_wrong_usage(
    venv: Path, name: str, words: str, complaint: str
) -> None:
    done = make(venv, f"{name}={words}")

    assert done.returncode
    assert f"make check: {name}" in done.stderr
    assert complaint in done.stderr
    assert "Error 2" in done.stderr


def test_a_command_list_is_not_run(venv: Path, tmp_path: Path) -> None:
    make(venv, f"INJECTOR=/bin/true $$(touch {tmp_path}/ran) `touch {tmp_path}/ran`")

    assert not (tmp_path / "ran").exists()


def test_an_injector_has_its_own_words(venv: Path, reference: list[str]) -> None:
    done = make(venv, f"INJECTOR={' '.join(reference)}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "-m zarf_injector" in done.stdout

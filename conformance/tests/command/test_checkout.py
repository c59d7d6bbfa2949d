"""A checkout has the bytes that were committed, whatever the user's git is set to."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("git")

TOP = Path(__file__).resolve().parents[3]


def git(*words: str | Path, cwd: Path) -> bytes:
    done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, check=True)
    return done.stdout


def test_line_endings_stay_under_autocrlf(tmp_path: Path) -> None:
    repository = tmp_path / "a repository"
    repository.mkdir()
    git("init", "--quiet", cwd=repository)
    git("config", "core.autocrlf", "true", cwd=repository)
    script = b"#!/bin/sh\ntrue\n"
    for name in (".gitattributes", "Makefile", ".github/action/judge"):
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((TOP / name).read_bytes())
    (repository / "subject").write_bytes(script)
    git("add", ".", cwd=repository)
    for path in repository.rglob("*"):
        if path.is_file() and ".git" not in path.relative_to(repository).parts:
            path.unlink()

    git("checkout", "--", ".", cwd=repository)

    assert (repository / "subject").read_bytes() == script
    for name in ("Makefile", ".github/action/judge"):
        assert (repository / name).read_bytes() == (TOP / name).read_bytes()

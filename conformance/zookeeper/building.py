"""Building the programs that are built here, each from its pinned sources."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_MARK: Final = "built-from"


class BuildError(Exception):
    """A program could not be built; the message ends with what the tool said."""


def go(source: Path, work: Path) -> Path:
    """A static program from a Go module.

    Raises:
        BuildError: it does not build.
    """
    program = work / "zarf-injector"
    words = ["go", "build", "-trimpath", "-buildvcs=false", "-o", str(program), "."]
    _run(words, source, {"CGO_ENABLED": "0"})
    return program


def rust(source: Path, target: Path, work: Path, features: Sequence[str]) -> Path:
    """A static program from a Rust crate.

    Args:
        source: the crate.
        target: where cargo builds.
        work: where the program goes.
        features: of the crate.

    Raises:
        BuildError: it does not build.
    """
    told = _run(["rustc", "-vV"], source)
    host = re.search(r"^host: (\S+)$", told, re.MULTILINE)
    if host is None:
        raise BuildError(f"rustc does not name its host: {told}")
    words = ["cargo", "build", "--release", "--locked", "--quiet", "--target", host[1]]
    environment = {"CARGO_TARGET_DIR": str(target), "RUSTFLAGS": "-Ctarget-feature=+crt-static"}
    _run([*words, f"--features={','.join(features)}"], source, environment)
    work.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(target / host[1] / "release" / "injector", work / "zarf-injector"))


def cpython(source: Path, work: Path) -> Path:
    """A script beside the package that it imports, as its list names it.

    Raises:
        BuildError: it cannot be had.
    """
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    words = [*pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", "."]
    return _installed(source, work, [*words, "-r", "requirements.txt"]) / "injector.py"


def node(source: Path, work: Path) -> Path:
    """A script beside the packages that its lock names; none of them may run anything.

    Raises:
        BuildError: they cannot be had.
    """
    words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    return _installed(source, work, words) / "injector.js"


def _installed(source: Path, work: Path, words: Sequence[str]) -> Path:
    """A copy of a folder in which a command has installed what it lists, made once."""
    files = sorted(path for path in source.iterdir() if path.is_file())
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    mark = work / _MARK
    if not mark.exists() or mark.read_text(encoding="ascii") != digest:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        for path in files:
            shutil.copy(path, work)
        _run(words, work)
        mark.write_text(digest, encoding="ascii")
    return work


def _run(words: Sequence[str], where: Path, variables: Mapping[str, str] | None = None) -> str:
    """Run a tool; its output is returned.

    Raises:
        BuildError: it fails.
    """
    done = subprocess.run(
        words,
        cwd=where,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise BuildError(f"{words[0]} failed with status {done.returncode}:\n{said}")
    return done.stdout

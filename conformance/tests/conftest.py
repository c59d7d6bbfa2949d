"""Subjects and cases that the tests of the judge share."""

from __future__ import annotations

import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FAILS, archived, completes, control, whole
from injector_conformance.host.removal import remove
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.session import Session, opened
from injector_conformance.subjects.subject import resolve
from injector_fixtures import gzip, tar

GOOD = """
[ $# -eq 0 ] || [ "$(cat zarf-payload-* | sha256sum)" = "$1  -" ] || { echo mismatch >&2; exit 1; }
cat zarf-payload-* | tar -xz --no-same-owner --no-same-permissions -C /zarf-stage2 || exit 1
chmod -R 755 /zarf-stage2
"""

PROBE = Path(__file__).with_name("probe.c")

ScriptMaker = Callable[[str], Path]
Judge = Callable[..., Session]


@pytest.fixture
def good() -> str:
    """An injector in shell that is good enough for ordinary payloads."""
    return GOOD


@pytest.fixture
def script(tmp_path: Path) -> ScriptMaker:
    """Makes an executable shell script of some lines."""

    def make(body: str) -> Path:
        path = tmp_path / f"subject-{len(list(tmp_path.iterdir()))}"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def work() -> Iterator[Path]:
    """A directory that every user can reach, as sessions make it."""
    path = Path(tempfile.mkdtemp(prefix="injector-conformance-test-"))
    path.chmod(0o755)
    yield path
    remove(path)


@pytest.fixture
def negative(ordinary: Case) -> Case:
    """A payload with a wrong CRC, and without it as the control."""
    member = tar.file(b"a", b"1")
    return replace(
        ordinary,
        id="test-wrong-crc",
        requirements=("GZ-5",),
        init=whole(gzip.tgz(member, crc=0)),
        expect=FAILS,
        control=control({b"a": b"1"}, member),
    )


@pytest.fixture
def session(script: ScriptMaker) -> Iterator[Callable[..., Session]]:
    """Opens sessions on shell scripts in namespaces; all are closed at the end."""
    contexts = []

    def make(body: str, *, deadline: float = 10.0, jobs: int = 1) -> Session:
        subject = resolve([str(script(body))])
        context = opened(Namespaces(), subject, jobs=jobs, deadline=deadline)
        contexts.append(context)
        return context.__enter__()

    yield make
    for context in reversed(contexts):
        context.__exit__(None, None, None)


@pytest.fixture
def ordinary() -> Case:
    """A case that any injector passes: one file."""
    return Case(
        id="test-one-file",
        title="one file",
        why="nothing else would work either",
        origin="made for this test",
        requirements=("TAR-2",),
        init=archived(tar.file(b"a", b"1")),
        expect=completes({b"a": b"1"}),
    )


@pytest.fixture
def reference() -> list[str]:
    """The reference injector as a command."""
    return [sys.executable, "-m", "zarf_injector"]


@pytest.fixture
def deep_tree() -> Callable[[Path, int], None]:
    """Makes a chain of directories, each with a file, far beyond PATH_MAX."""

    def make(top: Path, levels: int) -> None:
        descriptor = os.open(top, os.O_RDONLY)
        for _ in range(levels):
            os.mkdir("d", dir_fd=descriptor)
            below = os.open("d", os.O_RDONLY | os.O_DIRECTORY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
            os.close(os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        os.close(descriptor)

    return make


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``probe.c``, compiled."""
    folder = tmp_path_factory.mktemp("probe")
    machine = platform.machine()
    headers = _package("ziglang") / "lib" / "libc" / "include"
    family = "x86" if machine == "x86_64" else machine
    includes = [
        word for name in (family, "any") for word in ("-isystem", headers / f"{name}-linux-any")
    ]
    target = f"{machine}-linux-none"
    options = (
        "-target",
        target,
        "-O1",
        "-static",
        "-nostdlib",
        "-fno-builtin",
        "-fno-stack-protector",
    )
    environment = {
        **os.environ,
        "ZIG_GLOBAL_CACHE_DIR": str(folder / "cache"),
        "ZIG_LOCAL_CACHE_DIR": str(folder / "cache"),
    }
    command = [
        sys.executable,
        "-m",
        "ziglang",
        "cc",
        *options,
        *includes,
        "-o",
        folder / "probe",
        PROBE,
    ]
    subprocess.run(command, check=True, env=environment)
    return folder / "probe"


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent

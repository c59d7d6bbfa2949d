"""A harness that is killed leaves nothing, whatever its subject thinks of that."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from injector_conformance.host.removal import remove

from .conftest import look, processes

pytestmark = pytest.mark.needs("namespaces")

TIMES: Final = 12
"""How often for each signal and each number of jobs: a hundred times in all, or nearly."""

SIGNALS: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SECONDS: Final = 20.0

HARNESS: Final = """
import signal, sys
from injector_conformance.host import interruption
from injector_conformance.sessions import session
from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import completes
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.subjects.subject import resolve
from injector_fixtures.layout import subpath

program, marker, jobs = sys.argv[1:]
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, interruption.interrupt)
cases = [Case(id=f"c-{number}", title="t", why="w", origin="o", requirements=("TAR-2",),
              init=lambda: subpath([f"{marker} leave-and-hang".encode()]),
              expect=completes({b"a": b"1"})) for number in range(8)]
with session.opened(Namespaces(), resolve([program]), jobs=int(jobs), deadline=30) as opened:
    print("open", flush=True)
    opened.judge_all(cases)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness as a file."""
    path = tmp_path_factory.mktemp("killed") / "harness.py"
    path.write_text(HARNESS)
    return path


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory that every user can reach, where this harness's stages lie, and no other's."""
    path = Path(tempfile.mkdtemp(prefix="killed-"))
    path.chmod(0o755)
    yield path
    remove(path)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_left(
    *, number: signal.Signals, jobs: int, public: Path, source: Path, marker: str, scratch: Path
) -> None:
    chance = random.Random(f"{number} {jobs}")  # noqa: S311 - the same moments in every run
    before = look(marker)
    for turn in range(TIMES):
        # Stages lie in memory that no other process sees, or where TMPDIR says.
        place = {"TMPDIR": str(scratch)} if turn % 2 else {}
        words = [sys.executable, str(source), str(public / "hostile"), marker, str(jobs)]
        with subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **place},
        ) as harness:
            assert harness.stdout is not None
            assert harness.stdout.readline() == b"open\n"
            time.sleep(chance.random() / 2)
            harness.send_signal(number)
            harness.wait(SECONDS)
        deadline = time.monotonic() + SECONDS
        while left := [*processes(marker), *scratch.iterdir()]:
            assert time.monotonic() < deadline, f"outlived the harness: {left}"
            time.sleep(0.02)
    assert look(marker) == before

"""Timing: what is counted, and how it ends. No test here depends on how fast anything is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.bench.arena import Arena
from injector_conformance.bench.contestants import Contestant, subject
from injector_conformance.bench.prepared import Prepared
from injector_conformance.bench.stopwatch import RunError, time_run

BURN = """
import os, time
children = [os.fork(), os.fork()]
while time.process_time() < 0.1: pass
for child in filter(None, children): os.waitpid(child, 0)
"""
"""Four processes, a tenth of a second each."""


def test_processor_time_of_all_processes_in_the_sandbox_is_counted(
    arena: Arena, small: Prepared
) -> None:
    busy = subject([sys.executable, "-c", BURN])
    arena.clear()

    sample = time_run(arena.command(busy, small), 60)

    assert sample.cpu >= 0.4
    assert sample.wall >= 0.1


def test_a_failure_is_told_with_its_last_words() -> None:
    with pytest.raises(RunError, match="ended with status 3: one / two"):
        time_run(["/bin/sh", "-c", "echo one >&2; echo two >&2; exit 3"], 60)


def test_output_is_thrown_away_and_input_is_empty(capfd: pytest.CaptureFixture[str]) -> None:
    time_run(["/bin/sh", "-c", "cat; echo noise; echo noise >&2"], 60)

    assert capfd.readouterr() == ("", "")


def test_nothing_is_alive_after_the_deadline(
    arena: Arena, small: Prepared, contestant: Callable[..., Contestant]
) -> None:
    slow = contestant("sleep 1000 & sleep 1000")
    arena.clear()
    command = arena.command(slow, small)

    with pytest.raises(RunError, match=r"did not end within 0.5 s"):
        time_run(command, 0.5)

    assert not _processes_with(str(arena.output))


def _processes_with(word: str) -> list[str]:
    """Processes that have ``word`` on their command line or see it mounted."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path("/proc", process, "cmdline").read_bytes().decode(errors="replace")
            mounts = Path("/proc", process, "mountinfo").read_text()
        except OSError:
            continue
        if process != str(os.getpid()) and (word in line or word in mounts):
            found.append(line)
    return found

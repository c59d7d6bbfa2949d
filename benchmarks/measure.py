"""Measuring commands side by side.

Machines change their speed from minute to minute. So the commands are to take turns, round by
round, and what is compared are medians of one and the same run, never numbers of different days.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.payloads import Prepared
from benchmarks.peers import Peer

LAUNCHER: Final = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: wall and CPU time in seconds, peak memory of its largest process in bytes."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Medians of wall and CPU time in seconds; the highest peak in bytes."""

    wall: float
    cpu: float
    peak: int


def extract(peer: Peer, payload: Prepared, output: Path) -> Sample:
    """Let ``peer`` extract ``payload`` into ``output``, which is emptied before.

    Raises:
        RuntimeError: the peer failed, or did not extract as many files as the payload has.
    """
    clear(output)
    command = peer.command(payload, output)
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCHER), *command],
        cwd=payload.directory,
        env=surroundings(output.parent),
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(run.stdout)
    files = sum(1 for path in output.rglob("*") if path.is_file())
    if result["status"] or files != payload.files:
        outcome = f"status {result['status']}, {files} of {payload.files} files"
        raise RuntimeError(f"{peer.name}: {outcome}: {run.stderr}")
    return Sample(result["wall"], result["cpu"], result["peak"])


def surroundings(workspace: Path) -> dict[str, str]:
    """The environment, in which Python programs find themselves compiled.

    An installed program is; a checkout may be read-only, or be told to leave no bytecode behind.
    """
    ours = {"PYTHONPYCACHEPREFIX": str(workspace / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **ours}


def clear(output: Path) -> None:
    """Make ``output`` an empty directory."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()


def summary(samples: list[Sample]) -> Summary:
    """The medians of ``samples``."""
    return Summary(
        statistics.median(sample.wall for sample in samples),
        statistics.median(sample.cpu for sample in samples),
        max(sample.peak for sample in samples),
    )

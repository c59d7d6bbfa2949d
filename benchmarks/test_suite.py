"""What judging costs beyond what the judged programs take."""

from __future__ import annotations

import functools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.replay import CLOCK, show
from benchmarks.subjects import COMMANDS
from injector_conformance.cases.case import Conditions
from injector_conformance.run import catalogue
from injector_conformance.run.suite import plan
from injector_conformance.sandbox import Run, place
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.session import opened
from injector_conformance.subjects.subject import resolve
from injector_fixtures import elf

JOBS = 2
ROUNDS = 3
MOST_OVERHEAD = 0.005
"""Seconds that the harness may add to a run."""

MOST_SECONDS = {"reference": 45.0, "native": 6.0}
MOST_TIMES_EMPTY = 1.5

EXITS = {
    "x86_64": (elf.X86_64, bytes.fromhex("b83c00000031ff0f05")),
    "aarch64": (elf.AARCH64, bytes.fromhex("a80b8052000080d2010000d4")),
}
"""exit(0) in machine code."""


class Counted(Namespaces):
    """The sandbox, with a count of its runs and their seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def run(self, *arguments: Any, **options: Any) -> Run:
        """See :class:`Namespaces`."""
        seen = super().run(*arguments, **options)
        self.seconds.append(seen.seconds)
        return seen


@dataclass(frozen=True, slots=True)
class Judged:
    """How long all cases took, one after the other: in all, and each run of the subject."""

    wall: float
    runs: Sequence[float]


@pytest.fixture(scope="module")
def judged() -> Callable[[str], Judged]:
    """Judges one of our injectors by all cases; once."""

    @functools.cache
    def judge(name: str) -> Judged:
        command = COMMANDS[name]
        if not Path(command[0]).exists():
            pytest.skip(f"{name} is not built")
        suite = plan(command, sandbox="namespaces")
        counted = Counted()
        with opened(counted, suite.subject) as session:
            started = time.perf_counter()
            session.judge_all(list(suite.cases.values()))
            wall = time.perf_counter() - started
        return Judged(wall, counted.seconds)

    return judge


@pytest.fixture
def empty(tmp_path: Path) -> Callable[[int], float]:
    """Starts an empty sandbox so many times, as many at once as there are jobs; gives seconds."""
    machine, code = EXITS[resolve(COMMANDS["reference"]).machine]
    segment = elf.Segment(elf.LOAD, elf.READ | elf.EXECUTE, code)
    program = tmp_path / "exits"
    program.write_bytes(elf.Image(machine, segments=[segment]).build())
    program.chmod(0o755)
    case = next(iter(catalogue.load().values()))

    def measure(runs: int) -> float:
        def go(number: int) -> None:
            sandbox = Namespaces()
            with place.in_memory(1 << 20, 1000) as work, closing(sandbox):
                sandbox.open(resolve([str(program)]), work)
                (work / "stage").mkdir()
                stage = sandbox.new_stage(work / "stage")
                stage.prepare(case, case.init())
                for _ in range(number, runs, JOBS):
                    sandbox.run(stage, (), Conditions(), 10.0)

        started = time.perf_counter()
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(go, range(JOBS)))
        return time.perf_counter() - started

    return measure


def check(name: str) -> float:
    """Run the whole command, as a user would; gives seconds."""
    started = time.perf_counter()
    words = [sys.executable, "-m", "injector_conformance", "check", "--jobs", str(JOBS)]
    subprocess.run([*words, "--", *COMMANDS[name]], check=True, capture_output=True)
    return time.perf_counter() - started


@pytest.mark.benchmark(timer=CLOCK.read, warmup=False)
@pytest.mark.parametrize("name", MOST_SECONDS)
def test_whole_check(
    benchmark: BenchmarkFixture, judged: Callable[[str], Judged], name: str
) -> None:
    benchmark.extra_info["runs"] = len(judged(name).runs)

    seconds = [check(name) for _ in range(ROUNDS)]

    show(benchmark, seconds)
    assert statistics.median(seconds) <= MOST_SECONDS[name]


@pytest.mark.parametrize("name", MOST_SECONDS)
def test_the_harness_adds_little_to_a_run(judged: Callable[[str], Judged], name: str) -> None:
    seen = judged(name)

    added = (seen.wall - sum(seen.runs)) / len(seen.runs)

    sys.stdout.write(f"\n{name}: {len(seen.runs)} runs, {1000 * added:.1f} ms added to each\n")
    assert added <= MOST_OVERHEAD


def test_check_of_the_native_injector_costs_little_more_than_empty_sandboxes(
    judged: Callable[[str], Judged], empty: Callable[[int], float]
) -> None:
    runs = len(judged("native").runs)
    ratios = []
    for _ in range(ROUNDS):
        nothing = empty(runs)
        ratios.append(check("native") / nothing)

    sys.stdout.write(f"\n{runs} runs, {statistics.median(ratios):.2f} times empty sandboxes\n")
    assert statistics.median(ratios) <= MOST_TIMES_EMPTY

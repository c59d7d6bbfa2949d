"""Race results in pytest-benchmark's table, file and comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from pytest_benchmark.fixture import BenchmarkFixture


class Clock:
    """A clock that stands still but for what a race has measured.

    Contestants take turns, and their sandbox, the emptying of directories and the counting of
    files are no part of their time; pytest-benchmark can neither interleave nor leave out.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        """Seconds."""
        return self.now


CLOCK: Final = Clock()


def show(benchmark: BenchmarkFixture, samples: Sequence[float]) -> None:
    """Let pytest-benchmark see samples, in seconds, as rounds of its own."""
    remaining = iter(samples)

    def run_again() -> None:
        CLOCK.now += next(remaining)

    run: Callable[..., None] = benchmark.pedantic
    run(run_again, rounds=len(samples))

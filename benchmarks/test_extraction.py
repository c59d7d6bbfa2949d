"""Extraction: time of everyone on the same payloads, with the limits that injectors keep.

The limits hold here and nowhere else: a test suite that fails on a busy machine helps nobody.
Run with ``make bench``, on a machine that has nothing else to do.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Raced
from benchmarks.replay import CLOCK, show
from benchmarks.subjects import COMMANDS
from injector_conformance.bench import estimate
from injector_conformance.bench.contestants import PEERS
from injector_conformance.bench.results import Results

EVERYONE = [*COMMANDS, *(peer.id for peer in PEERS)]


def share(results: Results, one: str, other: str, metric: str = "wall") -> float:
    """The median of the ratios, round by round, of one contestant's time to another's."""
    for name in (one, other):
        if not results.samples.get(name):
            reason = results.failures.get(name, "is not on this machine")
            pytest.skip(f"{name} {reason}")
    ratios = estimate.ratios(results.series(one, metric), results.series(other, metric))
    return estimate.median(ratios).value


@pytest.mark.benchmark(timer=CLOCK.read, warmup=False)
@pytest.mark.parametrize("name", EVERYONE)
def test_wall_time(benchmark: BenchmarkFixture, raced: Raced, whole: str, name: str) -> None:
    results = raced(whole)
    if not results.samples.get(name):
        pytest.skip(results.failures.get(name, "not on this machine"))
    benchmark.group = whole
    benchmark.extra_info |= {
        "cpu": estimate.median(results.series(name, "cpu")).value,
        "peak": results.peaks[name].size,
    }
    show(benchmark, results.series(name, "wall"))

    assert results.rounds >= 5


@pytest.mark.parametrize(
    ("payload", "peer", "limit"),
    [
        ("seed", "gnu", 0.55),
        ("seed", "bsdtar", 0.8),
        ("tree", "gnu", 0.6),
        ("tree", "bsdtar", 0.8),
    ],
)
def test_the_reference_is_fast(raced: Raced, payload: str, peer: str, limit: float) -> None:
    assert share(raced(payload), "reference", peer) <= limit


def test_the_native_injector_is_fast(raced: Raced) -> None:
    assert share(raced("tree"), "native", "gnu", "cpu") <= 0.9


def test_the_native_injector_is_not_slower_than_rust(raced: Raced) -> None:
    assert share(raced("tree"), "native", "rust-size", "cpu") <= 1.0

"""The comparison with a baseline, on made-up measurements of a noisy machine."""

from __future__ import annotations

import statistics

import pytest

from injector_conformance.bench import estimate
from injector_conformance.bench.baseline import METRICS, Baseline, Record
from injector_conformance.bench.comparison import Comparison
from injector_conformance.bench.estimate import Estimate
from injector_conformance.bench.gate import PEAK_NOISE, Verdict, decide
from injector_conformance.bench.results import Results
from tests.bench.made_up import Machine

COSTS = {"subject": 0.5, "gnu": 1.0}
LIMIT = 1.15


def recorded(results: Results) -> Baseline:
    """Results as a baseline remembers them."""
    ratios = {
        metric: estimate.ratios(results.series("subject", metric), results.series("gnu", metric))
        for metric in METRICS
    }
    payload = results.payload.recipe.id
    waits = statistics.median(
        estimate.ratios(results.series("gnu", "wall"), results.series("gnu", "cpu"))
    )
    return Baseline({payload: Record(ratios, waits, results.peaks["subject"].size)}, {}, "")


def compare(
    seed: int, slowdown: float, *, speed: float = 1.0, rounds: int = 120, noise: float = 0.03
) -> Comparison:
    """A comparison that goes on until it is decided, or for ``rounds`` rounds."""
    baseline = recorded(Machine(seed).results(COSTS, rounds=60))
    comparison = Comparison(baseline, LIMIT, METRICS)
    machine = Machine(seed + 1000, speed, noise)
    costs = {**COSTS, "subject": COSTS["subject"] * slowdown}
    results = machine.results(costs, rounds=9)
    while results.rounds < rounds and not comparison.is_enough(results):
        machine.round(results, costs)
    comparison.add(results)
    return comparison


class TestTwentyTimes:
    @pytest.mark.parametrize("seed", range(20))
    def test_twenty_per_cent_slower_is_caught(self, seed: int) -> None:
        comparison = compare(seed, slowdown=1.2)

        assert comparison.verdict(is_whole=True) is Verdict.REGRESSED

    @pytest.mark.parametrize("seed", range(20))
    def test_the_same_is_not_accused(self, seed: int) -> None:
        comparison = compare(seed, slowdown=1.0)

        assert comparison.verdict(is_whole=True) is Verdict.KEPT

    @pytest.mark.parametrize("seed", range(20))
    def test_neither_on_a_machine_of_a_third_of_the_speed(self, seed: int) -> None:
        comparison = compare(seed, slowdown=1.0, speed=3.0)

        assert comparison.verdict(is_whole=True) is Verdict.KEPT


class TestVerdict:
    def test_what_is_just_at_the_limit_is_inconclusive(self) -> None:
        comparison = compare(7, slowdown=LIMIT, rounds=12, noise=0.2)

        assert comparison.verdict(is_whole=True) is Verdict.INCONCLUSIVE

    def test_the_dimension_is_named(self) -> None:
        results = Machine(1).results({"subject": 2.0, "gnu": 1.0}, 20, payload="files-5000")
        baseline = recorded(Machine(2).results(COSTS, 20, payload="files-5000"))
        comparison = Comparison(baseline, LIMIT, METRICS)
        comparison.add(results)

        regressed = {(one.dimension, one.metric, one.verdict) for one in comparison.judgements}
        assert regressed == {("files", metric, Verdict.REGRESSED) for metric in METRICS}

    def test_one_regression_outweighs_any_doubt(self) -> None:
        comparison = compare(1, slowdown=1.4)

        assert comparison.verdict(is_whole=False) is Verdict.REGRESSED

    def test_what_was_not_measured_is_not_kept(self) -> None:
        comparison = compare(1, slowdown=1.0)

        assert comparison.verdict(is_whole=True) is Verdict.KEPT
        assert comparison.verdict(is_whole=False) is Verdict.INCONCLUSIVE

    def test_nothing_compared_is_inconclusive(self) -> None:
        comparison = Comparison(Baseline({}, {}, ""), LIMIT, METRICS)

        assert comparison.verdict(is_whole=True) is Verdict.INCONCLUSIVE

    @pytest.mark.parametrize(
        ("low", "high", "verdict"),
        [
            (1.0, 1.1, Verdict.KEPT),
            (1.0, 1.15, Verdict.KEPT),
            (1.1, 1.2, Verdict.INCONCLUSIVE),
            (1.15, 1.2, Verdict.INCONCLUSIVE),
            (1.16, 1.2, Verdict.REGRESSED),
        ],
    )
    def test_only_an_interval_on_one_side_decides(
        self, low: float, high: float, verdict: Verdict
    ) -> None:
        assert decide(Estimate((low + high) / 2, low, high, 0.95), LIMIT) is verdict


class TestBusyMachine:
    """Times of programs that had to wait more, or less, do not compare; memory does."""

    @pytest.mark.parametrize(
        ("before", "now", "reason"),
        [(1.0, 3.0, "busier"), (3.0, 1.0, "calmer"), (2.0, 2.0, "")],
    )
    @pytest.mark.parametrize(("slowdown", "verdict"), [(1.0, "kept"), (1.5, "regressed")])
    def test_times_are_judged_at_equal_load_only(
        self, before: float, now: float, reason: str, slowdown: float, verdict: str
    ) -> None:
        baseline = recorded(Machine(1, load=before).results(COSTS, 60))
        comparison = Comparison(baseline, LIMIT, [*METRICS, "peak"])
        costs = {**COSTS, "subject": COSTS["subject"] * slowdown}
        comparison.add(Machine(2, load=now).results(costs, 60))

        *times, peak = comparison.judgements
        assert {one.verdict for one in times} == {"inconclusive" if reason else verdict}
        assert all(reason in one.reason for one in times)
        assert (peak.verdict, peak.reason) == ("kept", "")

    def test_a_passing_disturbance_is_waited_out(self) -> None:
        baseline = recorded(Machine(1).results(COSTS, 60))
        comparison = Comparison(baseline, LIMIT, METRICS)
        results = Machine(2, load=6.0).results(COSTS, 9)
        assert not comparison.is_enough(results)

        calm = Machine(3)
        while not comparison.is_enough(results):
            calm.round(results, COSTS)

        assert results.rounds > 18


class TestPeak:
    @pytest.mark.parametrize(
        ("before", "now", "verdict"),
        [
            (10_000_000, 11_000_000, Verdict.KEPT),
            (10_000_000, 12_000_000, Verdict.REGRESSED),
            (90_000, 90_000 + PEAK_NOISE, Verdict.KEPT),
            (90_000, 90_001 + PEAK_NOISE, Verdict.REGRESSED),
        ],
    )
    def test_memory_is_compared_as_it_is(self, before: int, now: int, verdict: Verdict) -> None:
        baseline = recorded(Machine(1).results(COSTS, 1, peak=before))
        comparison = Comparison(baseline, LIMIT, ["peak"])
        comparison.add(Machine(2).results(COSTS, 1, peak=now))

        assert [one.verdict for one in comparison.judgements] == [verdict]


def test_another_machine_or_control_is_a_reason_for_doubt() -> None:
    baseline = Baseline({}, {"processor": "old"}, "tar 1.34")
    comparison = Comparison(baseline, LIMIT, METRICS)

    assert len(comparison.doubts({"processor": "new"}, "tar 1.35")) == 2
    assert not comparison.doubts({"processor": "old"}, "tar 1.34")

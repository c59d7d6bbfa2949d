"""Medians, their intervals, and how they change."""

from __future__ import annotations

import pytest

from injector_conformance.bench.estimate import CONFIDENCE, median, quotient, ratios, resampled
from tests.bench.made_up import chance_of


class TestMedian:
    def test_one_sample_is_its_own_interval_and_says_that_it_is_worth_nothing(self) -> None:
        found = median([3.0])

        assert (found.value, found.low, found.high, found.confidence) == (3.0, 3.0, 3.0, 0.0)

    def test_few_samples_give_their_range_and_the_confidence_that_it_deserves(self) -> None:
        found = median([5.0, 1.0, 4.0, 2.0, 3.0])

        assert (found.value, found.low, found.high) == (3.0, 1.0, 5.0)
        assert found.confidence == 1 - 2 / 2**5

    @pytest.mark.parametrize(
        ("count", "position"),
        [(6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (15, 4), (20, 6), (25, 8), (40, 14)],
    )
    def test_the_interval_is_the_sign_test_table_s(self, count: int, position: int) -> None:
        found = median([float(number) for number in range(1, count + 1)])

        assert (found.low, found.high) == (position, count + 1 - position)
        assert found.confidence >= CONFIDENCE

    @pytest.mark.parametrize("count", [6, 9, 21])
    def test_the_interval_holds_the_true_median_as_often_as_it_says(self, count: int) -> None:
        chance = chance_of(1)
        trials = 2000
        held = 0
        for _ in range(trials):
            found = median([chance.expovariate(1.0) for _ in range(count)])
            held += found.low <= 0.6931471805599453 <= found.high

        assert held / trials >= CONFIDENCE - 0.015


class TestQuotient:
    def test_ratios_are_taken_round_by_round(self) -> None:
        assert ratios([1.0, 3.0], [2.0, 4.0]) == [0.5, 0.75]

    def test_series_of_different_rounds_cannot_be_paired(self) -> None:
        with pytest.raises(ValueError, match="longer"):
            ratios([1.0], [2.0, 4.0])

    def test_it_holds_the_true_change(self) -> None:
        chance = chance_of(2)
        held = 0
        for _ in range(100):
            now = [1.2 * chance.lognormvariate(0, 0.05) for _ in range(25)]
            before = [chance.lognormvariate(0, 0.05) for _ in range(25)]
            found = quotient(now, before)
            held += found.low <= 1.2 <= found.high

        assert held >= 90

    def test_it_is_the_same_every_time(self) -> None:
        now, before = [1.0, 1.3, 1.1, 1.2], [1.0, 0.9, 1.1, 1.0]

        assert quotient(now, before) == quotient(now, before)

    def test_more_samples_make_it_narrower(self) -> None:
        chance = chance_of(3)
        series = [chance.lognormvariate(0, 0.1) for _ in range(400)]
        few, many = quotient(series[:10], series[10:20]), quotient(series[:200], series[200:])

        assert many.high - many.low < (few.high - few.low) / 2

    def test_a_figure_that_cannot_be_made_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="no such figure"):
            resampled(([1.0],), lambda _: None)

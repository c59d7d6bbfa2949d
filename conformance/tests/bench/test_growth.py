"""Exponents of growth, on made-up costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from injector_conformance.bench.growth import fit
from tests.bench.made_up import chance_of

VALUES = (1, 10, 100, 1000, 10_000)


def series(
    cost: Callable[[int], float], noise: float = 0.0
) -> tuple[list[float], list[tuple[int, list[float]]]]:
    """A floor of one second, and five samples for each value."""
    chance = chance_of(1)

    def samples(value: int) -> list[float]:
        return [(1 + cost(value)) * chance.lognormvariate(0, noise) for _ in range(5)]

    return samples(0), [(value, samples(value)) for value in VALUES]


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.5, 2.0])
def test_the_exponent_is_found_beyond_the_floor(exponent: float) -> None:
    found = fit(*series(lambda value: 0.05 * value**exponent if value else 0.0))

    assert found is not None
    assert found.exponent.value == pytest.approx(exponent, abs=1e-6)


@pytest.mark.parametrize(("exponent", "is_linear"), [(1.0, True), (1.3, False)])
def test_noise_does_not_hide_it(exponent: float, is_linear: bool) -> None:
    found = fit(*series(lambda value: 0.05 * value**exponent if value else 0.0, noise=0.02))

    assert found is not None
    assert (found.exponent.value <= 1.05) is is_linear
    assert found.exponent.low <= found.exponent.value <= found.exponent.high


def test_what_hardly_grows_has_no_exponent() -> None:
    assert fit(*series(lambda value: 1e-6 * value)) is None


def test_points_at_the_floor_do_not_count() -> None:
    found = fit(*series(lambda value: 0.002 * value))

    assert found is not None
    assert found.points == 3

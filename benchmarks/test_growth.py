"""How cost grows with size, files and chunks."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from benchmarks.conftest import Raced
from injector_conformance.bench.document import fitted_growth
from injector_conformance.bench.recipes import DIMENSIONS
from injector_conformance.bench.results import Results

MOST = 1.05
FLOORS = {dimension.name: dimension.floor for dimension in DIMENSIONS}


@pytest.mark.parametrize("dimension", ["size", "files", "chunks"])
@pytest.mark.parametrize("name", ["reference", "native"])
def test_cost_grows_linearly(
    raced: Raced, raced_series: Callable[[str], list[Results]], dimension: str, name: str
) -> None:
    floor = raced(FLOORS[dimension])
    if not floor.samples.get(name):
        pytest.skip(f"{name} is not on this machine")

    growth = fitted_growth(floor, raced_series(dimension), name, "cpu")

    assert growth is not None
    found = growth.exponent
    sys.stdout.write(
        f"\n{name}: CPU time ~ {dimension} ** {found.value:.3f}"
        f" [{found.low:.3f}, {found.high:.3f}] from {growth.points} payloads\n"
    )
    assert found.value <= MOST

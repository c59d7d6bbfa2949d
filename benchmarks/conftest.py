"""Races, each run once for all benchmarks that look at it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

import pytest

from benchmarks.subjects import built
from injector_conformance.bench import document, table
from injector_conformance.bench.contestants import Contestant, find
from injector_conformance.bench.recipes import RECIPES, WHOLE, select
from injector_conformance.bench.results import Results
from injector_conformance.bench.run import Plan, Rounds, place, run

LIMITED_ROUNDS = {"seed": Rounds(11, 41, 60.0), "tree": Rounds(7, 15, 150.0)}
"""For medians that limits are held against."""

Raced = Callable[[str], Results]


@pytest.fixture(scope="session")
def contestants() -> list[Contestant]:
    """This project's injectors, and the peers on this machine."""
    return [*built(), *find()[0]]


@pytest.fixture(scope="session")
def raced(contestants: list[Contestant]) -> Raced:
    """Results of everyone on one payload; of injectors and GNU tar where it is one of a series."""

    @functools.cache
    def race(name: str) -> Results:
        plan = Plan([RECIPES[name]], contestants, LIMITED_ROUNDS.get(name))
        outcome = run(plan, place("tmpfs"))
        if name in outcome.skipped:
            pytest.skip(f"{name}: {outcome.skipped[name]}")
        results = outcome.results[0]
        titles = {one.id: one.title for one in contestants}
        lines = table.payload(document.payload(results), titles)
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
        return results

    return race


@pytest.fixture(scope="session")
def raced_series(raced: Raced) -> Callable[[str], list[Results]]:
    """Results on all payloads of a dimension."""

    def race(dimension: str) -> list[Results]:
        return [raced(recipe.id) for recipe in select([dimension])]

    return race


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let ``whole`` be every payload on which all contestants run."""
    if "whole" in metafunc.fixturenames:
        metafunc.parametrize("whole", WHOLE)

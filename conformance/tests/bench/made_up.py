"""Made-up results of benchmarks: what would have been measured, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from injector_conformance.bench.memory import Peak
from injector_conformance.bench.prepared import Prepared
from injector_conformance.bench.recipes import RECIPES
from injector_conformance.bench.results import Results
from injector_conformance.bench.stopwatch import Sample


def prepared(payload: str = "seed") -> Prepared:
    """A payload that was never made."""
    recipe = RECIPES[payload]
    return Prepared(recipe, Path("init"), Path("plan"), "0" * 64, recipe.size, 1, 1, 1)


def chance_of(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311 -- tests are to be repeatable, not secret


class Machine:
    """A shared machine: its speed changes from round to round, and programs are held up."""

    def __init__(
        self, seed: int, speed: float = 1.0, noise: float = 0.03, load: float = 2.0
    ) -> None:
        """A machine on which everything takes ``speed`` times as long.

        Wall time is on average ``load`` times CPU time, for others run on it too.
        """
        self.chance = chance_of(seed)
        self.speed = speed
        self.noise = noise
        self.load = load

    def round(self, results: Results, costs: Mapping[str, float]) -> None:
        """Let everyone run once; ``costs`` are seconds without any noise."""
        mood = self.load * self.chance.uniform(0.85, 1.15)
        for contestant, cost in costs.items():
            results.samples[contestant].append(Sample(self.time(cost * mood), self.time(cost)))

    def time(self, cost: float) -> float:
        """What is measured of ``cost`` seconds: mostly a little more, sometimes much more."""
        held_up = self.chance.uniform(1.2, 2) if self.chance.random() < 0.05 else 1.0
        return cost * self.speed * held_up * self.chance.lognormvariate(0, self.noise)

    def results(
        self, costs: Mapping[str, float], rounds: int, payload: str = "seed", peak: int = 1 << 24
    ) -> Results:
        """Results of some rounds."""
        results = Results.none_yet(prepared(payload), costs)
        results.peaks = {contestant: Peak(peak, "exact") for contestant in costs}
        for _ in range(rounds):
            self.round(results, costs)
        return results

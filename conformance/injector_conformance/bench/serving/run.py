"""A whole benchmark of those who serve: layout after layout, figure after figure, by turns."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from injector_conformance.bench import BenchError
from injector_conformance.bench.contestants import Contestant, essential
from injector_conformance.bench.run import Place, Rounds, workspace
from injector_conformance.bench.serving.figures import Figure
from injector_conformance.bench.serving.guests import Guest, House
from injector_conformance.bench.serving.guests import opened as house_opened
from injector_conformance.bench.serving.results import Results, Sample
from injector_conformance.bench.stopwatch import RunError

ROUNDS: Final = Rounds(5, 15, 8.0)
QUICK_ROUNDS: Final = Rounds(3, 3, 0.0)
COMPARED_ROUNDS: Final = Rounds(9, 60, 20.0)
"""At least, at most, and seconds for each figure; the last ones with a baseline."""

_SPARE: Final = 500_000_000
_COPIES: Final = 3
"""Chunks, blobs, and what a peer keeps beside; for each contestant."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run.

    Attributes:
        figures: what is measured.
        contestants: the subject, the control and everyone else.
        rounds: how often, and seconds for each figure.
        everyone: whether all contestants are measured by every figure; otherwise, by those of a
            series, only injectors and the control are.
        seed: for the order of turns.
        deadline: seconds that a start may take.
    """

    figures: Sequence[Figure]
    contestants: Sequence[Contestant]
    rounds: Rounds = ROUNDS
    everyone: bool = False
    seed: int = 0
    deadline: float = 300.0

    def contestants_for(self, figure: Figure) -> list[Contestant]:
        """Who is measured."""
        if self.everyone or figure.is_whole:
            return list(self.contestants)
        return essential(self.contestants)


@dataclass(slots=True)
class Outcome:
    """What came of a benchmark: results by figure, and why figures were skipped."""

    results: list[Results] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


Watcher = Callable[[Figure, str], None]
"""Told what is being done: the figure, and a word or two."""


def run(
    plan: Plan,
    where: Place,
    watcher: Watcher = lambda _figure, _step: None,
    finished: Callable[[Results], None] = lambda _results: None,
    until: Callable[[Results], bool] | None = None,
) -> Outcome:
    """Run a plan.

    Args:
        plan: what to run.
        where: where payloads and what is extracted of them lie.
        watcher: told of every step.
        finished: given the results of each figure.
        until: asked after each round whether a figure has been measured often enough; None for the
            plan's own measure.

    Raises:
        BenchError: the subject or the control failed.
        SandboxError: there is no sandbox here.
        OSError: a payload cannot be written.
    """
    outcome = Outcome()
    figures = _measurable(plan, where, outcome)
    with workspace(where) as work, ExitStack() as stack:
        house = house_opened(plan.contestants, work, plan.deadline, stack)
        match = Match(plan, house, watcher, until)
        for group in _by_layout(figures):
            house.use(group[0].served())
            for results in match.measured(group):
                outcome.results.append(results)
                finished(results)
    return outcome


def _measurable(plan: Plan, where: Place, outcome: Outcome) -> list[Figure]:
    """The figures that can be measured here; why the others cannot is noted."""
    found = []
    for figure in plan.figures:
        room = _COPIES * figure.served().size * len(plan.contestants) + _SPARE
        reason = figure.missing() or where.lacks(room)
        if reason is None:
            found.append(figure)
        else:
            outcome.skipped[figure.id] = reason
    return found


def _by_layout(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Figures that are measured while the same contestants serve the same layout."""
    for is_alone, group in itertools.groupby(figures, lambda one: one.is_alone):
        if is_alone:
            yield from ([one] for one in group)
        else:
            by_layout: dict[int, list[Figure]] = {}
            for one in group:
                by_layout.setdefault(id(one.served()), []).append(one)
            yield from by_layout.values()


class Match:
    """Contestants take turns on figures of one layout."""

    def __init__(
        self,
        plan: Plan,
        house: House,
        watcher: Watcher,
        until: Callable[[Results], bool] | None,
    ) -> None:
        """Get ready."""
        self._plan = plan
        self._house = house
        self._watcher = watcher
        self._until = until
        # The order is to be the same in every run with this seed, so that runs can be repeated.
        self._chance = random.Random(plan.seed)  # noqa: S311 -- a seed repeats it

    def measured(self, figures: Sequence[Figure]) -> list[Results]:
        """Measure figures of the layout that the house uses.

        Raises:
            BenchError: the subject or the control failed.
        """
        everyone = self._plan.contestants_for
        found = [Results.none_yet(one, [who.id for who in everyone(one)]) for one in figures]
        if figures[0].is_alone:
            self._go_round(found, None)
            return found
        invited = {who.id: who for one in figures for who in everyone(one)}
        self._watcher(figures[0], "starting everyone")
        self._house.failures.clear()
        self._house.together(
            [who for who in self._plan.contestants if who.id in invited],
            lambda guests: self._go_round(found, {one.contestant.id: one for one in guests}),
        )
        return found

    def _go_round(self, everything: Sequence[Results], guests: Mapping[str, Guest] | None) -> None:
        """Measure until it is enough; a first round is not counted.

        Args:
            everything: one for each figure; filled.
            guests: who serves; None if everyone is started for each turn.
        """
        for results in everything:
            for who in self._plan.contestants_for(results.figure):
                if guests is not None and who.id not in guests:
                    self._drop(results, who, self._house.failures[who.id])
        rounds = self._plan.rounds
        open_ones = list(everything)
        began = time.perf_counter()
        for number in range(rounds.most + 1):
            for results in open_ones:
                step = f"round {number}" if number else "warming up"
                self._watcher(results.figure, step)
                self._turn(results, guests, is_counted=number > 0)
            if number < rounds.least:
                continue
            until = self._until
            if until is not None:
                open_ones = [one for one in open_ones if not until(one)]
            is_late = time.perf_counter() - began >= rounds.seconds * len(everything)
            if is_late or not open_ones:
                break

    def _turn(
        self, results: Results, guests: Mapping[str, Guest] | None, *, is_counted: bool
    ) -> None:
        """Everybody once, in an order of chance."""
        figure = results.figure
        waiting = [
            who for who in self._plan.contestants_for(figure) if who.id not in results.failures
        ]
        for who in self._chance.sample(waiting, len(waiting)):
            try:
                sample = self._sample(figure, who, None if guests is None else guests[who.id])
            except RunError as error:
                self._drop(results, who, str(error))
                continue
            if is_counted:
                results.samples[who.id].append(sample)

    def _sample(self, figure: Figure, who: Contestant, guest: Guest | None) -> Sample:
        served = figure.served()
        if guest is not None:
            return figure.measure(guest, served)
        found: list[Sample] = []
        self._house.alone(who, lambda started: found.append(figure.measure(started, served)))
        return found[0]

    def _drop(self, results: Results, who: Contestant, reason: str) -> None:
        if who.kind in ("subject", "control"):
            raise BenchError(f"{who.title} in {results.figure.id}: {reason}")
        results.drop(who.id, reason)

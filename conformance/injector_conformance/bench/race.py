"""A race: contestants take turns on one payload."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

from injector_conformance.bench import BenchError
from injector_conformance.bench.arena import Arena
from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.memory import measure_peak
from injector_conformance.bench.prepared import Prepared, count_files
from injector_conformance.bench.results import Results
from injector_conformance.bench.stopwatch import RunError, time_run


class Race:
    """A race on one payload.

    Attributes:
        contestants: who is still in the race.
        results: what was measured so far.
    """

    def __init__(
        self,
        arena: Arena,
        payload: Prepared,
        contestants: Sequence[Contestant],
        *,
        seed: int = 0,
        deadline: float,
    ) -> None:
        """Get ready.

        Args:
            arena: where they run.
            payload: what they extract.
            contestants: a subject, a control, and any others.
            seed: decides on the order in each round, together with the payload's id.
            deadline: seconds that one run may take.
        """
        self.contestants = list(contestants)
        self.results = Results.none_yet(payload, (one.id for one in contestants))
        self._payload = payload
        self._arena = arena
        self._deadline = deadline
        # The order is to be the same in every run with this seed, so that runs can be repeated.
        self._chance = random.Random(f"{seed} {payload.recipe.id}")  # noqa: S311 -- a seed repeats it

    def warm_up(self) -> None:
        """Let everyone run once untimed, for caches and for peak memory; drop peers that fail.

        Raises:
            BenchError: the subject or the control failed.
        """
        for contestant in list(self.contestants):
            self._arena.clear()
            command = self._arena.command(contestant, self._payload)
            try:
                self.results.peaks[contestant.id] = measure_peak(command, self._deadline)
                self._check()
            except RunError as error:
                self._drop(contestant, str(error))

    def run_round(self) -> None:
        """Let everyone run once, in an order of chance.

        Raises:
            BenchError: the subject or the control failed.
        """
        for contestant in self._chance.sample(self.contestants, len(self.contestants)):
            self._arena.clear()
            if self._arena.is_disk:
                os.sync()  # what others left to be written is not to be paid for by this one
            command = self._arena.command(contestant, self._payload)
            try:
                sample = time_run(command, self._deadline)
                self._check()
            except RunError as error:
                self._drop(contestant, str(error))
                continue
            self.results.samples[contestant.id].append(sample)

    def _check(self) -> None:
        found = count_files(self._arena.output)
        if found != self._payload.files:
            raise RunError(f"extracted {found:,} of {self._payload.files:,} files")

    def _drop(self, contestant: Contestant, reason: str) -> None:
        if contestant.kind in ("subject", "control"):
            raise BenchError(f"{contestant.title} on {self._payload.recipe.id}: {reason}")
        self.contestants.remove(contestant)
        self.results.drop(contestant.id, reason)

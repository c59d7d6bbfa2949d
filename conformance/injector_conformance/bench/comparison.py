"""A run compared with a baseline, race by race, going on for as long as that tells anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from injector_conformance.bench.baseline import Baseline
from injector_conformance.bench.gate import Judgement, Verdict, is_settled, judge, overall
from injector_conformance.bench.results import Results

LOOKS: Final = frozenset(round(9 * 1.2**step) for step in range(30))
"""Numbers of rounds after which to look whether it is decided. Looking is choosing when to stop,
and every look is a chance to be misled; so there are few."""


@dataclass(slots=True)
class Comparison:
    """A comparison.

    Attributes:
        baseline: the baseline.
        limit: times the baseline that is too much.
        metrics: what is compared.
        judgements: of all races so far.
    """

    baseline: Baseline
    limit: float
    metrics: Sequence[str]
    judgements: list[Judgement] = field(default_factory=list)

    def is_enough(self, results: Results) -> bool:
        """Whether further rounds would say nothing new."""
        return results.rounds in LOOKS and is_settled(self._judge(results))

    def add(self, results: Results) -> None:
        """Take in the results of a race that is over."""
        self.judgements += self._judge(results)

    def verdict(self, *, is_whole: bool) -> Verdict:
        """What all races together say.

        Args:
            is_whole: whether every payload that was to be compared was.
        """
        verdict = overall(self.judgements)
        is_lacking = not is_whole or not self.judgements
        return Verdict.INCONCLUSIVE if verdict is Verdict.KEPT and is_lacking else verdict

    def doubts(self, machine: Mapping[str, Any], control: str) -> list[str]:
        """Why the baseline may not be comparable: another processor, another control."""
        pairs = [
            ("processor", self.baseline.machine.get("processor", ""), machine["processor"]),
            ("control", self.baseline.control, control),
        ]
        return [
            f"the baseline's {name} is {before or 'unknown'}, this one's {now or 'unknown'}"
            for name, before, now in pairs
            if before != now
        ]

    def _judge(self, results: Results) -> list[Judgement]:
        return judge(results, self.baseline, self.limit, self.metrics)

"""A run compared with a baseline, race by race, going on for as long as that tells anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from injector_conformance.bench.baseline import Baseline
from injector_conformance.bench.gate import Judgement, Verdict, is_decided, judge, overall
from injector_conformance.bench.race import Race


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

    def is_enough(self, race: Race) -> bool:
        """Whether further rounds of a race would say nothing new."""
        return is_decided(self._judge(race))

    def add(self, race: Race) -> None:
        """Take in a race that is over."""
        self.judgements += self._judge(race)

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

    def _judge(self, race: Race) -> list[Judgement]:
        return judge(race, self.baseline, self.limit, self.metrics)

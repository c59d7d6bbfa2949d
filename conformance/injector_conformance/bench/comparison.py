"""A run compared with a baseline, race by race, going on for as long as that tells anything."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

from injector_conformance.bench.baseline import Record, Recorded
from injector_conformance.bench.gate import Judgement, Verdict, is_settled, judge, overall
from injector_conformance.bench.results import Results

LOOKS: Final = frozenset(round(9 * 1.2**step) for step in range(30))
"""Numbers of rounds after which to look whether it is decided. Looking is choosing when to stop,
and every look is a chance to be misled; so there are few."""


class Rounded(Protocol):
    """What is measured round by round."""

    @property
    def rounds(self) -> int:
        """How many rounds there were."""


Known = TypeVar("Known")
Measured = TypeVar("Measured", bound=Rounded)


@dataclass(slots=True)
class Comparing(ABC, Generic[Known, Measured]):
    """A comparison with a baseline, whatever it knows of what is measured.

    Attributes:
        baseline: the baseline.
        limit: times the baseline that is too much.
        judgements: of all that was measured so far.
    """

    baseline: Recorded[Known]
    limit: float
    judgements: list[Judgement] = field(default_factory=list, init=False)

    @abstractmethod
    def judge(self, results: Measured) -> list[Judgement]:
        """What the results say, as far as they go."""

    def is_enough(self, results: Measured) -> bool:
        """Whether further rounds would say nothing new."""
        return results.rounds in LOOKS and is_settled(self.judge(results))

    def add(self, results: Measured) -> None:
        """Take in results that are complete."""
        self.judgements += self.judge(results)

    def verdict(self, *, is_whole: bool) -> Verdict:
        """What all of them together say.

        Args:
            is_whole: whether everything that was to be compared was.
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


@dataclass(slots=True)
class Comparison(Comparing[Record, Results]):
    """A comparison of races.

    Attributes:
        metrics: what is compared.
    """

    metrics: Sequence[str]

    def judge(self, results: Results) -> list[Judgement]:
        """What a race says, as far as it has come."""
        return judge(results, self.baseline, self.limit, self.metrics)

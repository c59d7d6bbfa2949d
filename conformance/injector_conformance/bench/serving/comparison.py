"""A run compared with a baseline, figure by figure, for as long as that tells anything.

As in :mod:`injector_conformance.bench.gate`: times are compared as shares of the control's, memory
as it is, and only an interval that lies on one side of the limit says anything.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from injector_conformance.bench import estimate
from injector_conformance.bench.comparison import LOOKS
from injector_conformance.bench.estimate import Estimate
from injector_conformance.bench.gate import (
    MOST_WAITING,
    PEAK_NOISE,
    SUBJECT,
    Judgement,
    Verdict,
    decide,
    is_settled,
    overall,
)
from injector_conformance.bench.serving.baseline import TIMES, Baseline, Record
from injector_conformance.bench.serving.contestants import CONTROL
from injector_conformance.bench.serving.results import Results


@dataclass(slots=True)
class Comparison:
    """A comparison.

    Attributes:
        baseline: the baseline.
        limit: times the baseline that is too much.
        judgements: of all figures so far.
    """

    baseline: Baseline
    limit: float
    judgements: list[Judgement] = field(default_factory=list)

    def is_enough(self, results: Results) -> bool:
        """Whether further rounds would say nothing new."""
        return results.rounds in LOOKS and is_settled(self._judge(results))

    def add(self, results: Results) -> None:
        """Take in a figure that is measured."""
        self.judgements += self._judge(results)

    def verdict(self, *, is_whole: bool) -> Verdict:
        """What all figures together say.

        Args:
            is_whole: whether every figure that was to be compared was.
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
        figure = results.figure
        before = self.baseline.records[figure.id]
        judgements = []
        for metric in figure.metrics:
            change = _change(results, before, metric)
            if change is None:
                continue
            reason = _mood(results, before, metric)
            verdict = Verdict.INCONCLUSIVE if reason else decide(change, self.limit)
            judgements.append(
                Judgement(figure.id, figure.group, metric, change, results.rounds, verdict, reason)
            )
        return judgements


def _change(results: Results, before: Record, metric: str) -> Estimate | None:
    """How many times the baseline's it is; None for what is only shown."""
    if metric in TIMES and metric in before.ratios:
        now = estimate.ratios(results.series(SUBJECT, metric), results.series(CONTROL, metric))
        return estimate.quotient(now, before.ratios[metric])
    if metric == "size" and before.size is not None:
        size = statistics.median(results.series(SUBJECT, metric))
        share = 1.0 if abs(size - before.size) <= PEAK_NOISE else size / before.size
        return Estimate(share, share, share, 1.0)
    return None


def _mood(results: Results, before: Record, metric: str) -> str:
    """Why times cannot be compared: the control waits more for a processor now, or less."""
    if metric not in TIMES or before.waits is None:
        return ""
    waits = estimate.ratios(results.series(CONTROL, "wall"), results.series(CONTROL, "cpu"))
    change = statistics.median(waits) / before.waits
    if change > MOST_WAITING[metric]:
        return "the machine is busier than the baseline's was"
    if change < 1 / MOST_WAITING[metric]:
        return "the machine is calmer than the baseline's was"
    return ""

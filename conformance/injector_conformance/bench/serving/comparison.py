"""A run compared with a baseline, figure by figure, for as long as that tells anything.

As in :mod:`injector_conformance.bench.gate`: times are compared as shares of the control's, memory
as it is, and only an interval that lies on one side of the limit says anything.
"""

from __future__ import annotations

import statistics

from injector_conformance.bench import estimate
from injector_conformance.bench.comparison import Comparing
from injector_conformance.bench.estimate import Estimate
from injector_conformance.bench.gate import SUBJECT, Judgement, judgement, memory, mood
from injector_conformance.bench.serving.baseline import TIMES, Record
from injector_conformance.bench.serving.contestants import CONTROL
from injector_conformance.bench.serving.results import Results


class Comparison(Comparing[Record, Results]):
    """A comparison of figures."""

    __slots__ = ()

    def judge(self, results: Results) -> list[Judgement]:
        """What a figure says, as far as it was measured."""
        figure = results.figure
        before = self.baseline.records[figure.id]
        judgements = []
        for metric in figure.metrics:
            change = _change(results, before, metric)
            if change is not None:
                place = (figure.id, figure.group, metric)
                reason = _mood(results, before, metric)
                judgements.append(judgement(place, change, self.limit, results.rounds, reason))
        return judgements


def _change(results: Results, before: Record, metric: str) -> Estimate | None:
    """How many times the baseline's it is; None for what is only shown."""
    if metric in TIMES and metric in before.ratios:
        now = estimate.ratios(results.series(SUBJECT, metric), results.series(CONTROL, metric))
        return estimate.quotient(now, before.ratios[metric])
    if metric == "size" and before.size is not None:
        return memory(statistics.median(results.series(SUBJECT, metric)), before.size)
    return None


def _mood(results: Results, before: Record, metric: str) -> str:
    """Why times cannot be compared; only of times, and if both know how long the control waits."""
    if metric not in TIMES or before.waits is None:
        return ""
    wall, cpu = (results.series(CONTROL, one) for one in TIMES)
    return mood(wall, cpu, before.waits, metric)

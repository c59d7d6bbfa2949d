"""Comparing a run with a baseline: what became slower or hungrier, and is that sure?

Compared are ratios to the control of the same run, so that a slower machine, or a busy one, is
not taken for a slower injector.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from injector_conformance.bench import estimate
from injector_conformance.bench.baseline import Baseline, Record
from injector_conformance.bench.contestants import CONTROL
from injector_conformance.bench.estimate import Estimate
from injector_conformance.bench.results import Results

SUBJECT: Final = "subject"

MOST_WAITING: Final = {"wall": 1.25, "cpu": 1.6}
"""Times the baseline's wall time by CPU time of the control, up to which a metric compares."""

PEAK_NOISE: Final = 128 * 1024
"""Bytes by which peaks differ from run to run: the kernel counts pages in batches."""


class Verdict(StrEnum):
    """What a comparison says."""

    KEPT = "kept"
    REGRESSED = "regressed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one figure.

    Attributes:
        payload: where it was measured.
        dimension: the dimension of that payload.
        metric: ``wall``, ``cpu`` or ``peak``.
        change: how many times the baseline's it is now.
        rounds: how many rounds that took.
        verdict: whether it is within the limit.
        reason: why it cannot be judged at all, where that is so.
    """

    payload: str
    dimension: str
    metric: str
    change: Estimate
    rounds: int
    verdict: Verdict
    reason: str = ""


def decide(change: Estimate, limit: float) -> Verdict:
    """Whether a change is within a limit: only an interval that lies on one side of it says so."""
    if change.high <= limit:
        return Verdict.KEPT
    return Verdict.REGRESSED if change.low > limit else Verdict.INCONCLUSIVE


def judge(
    results: Results, baseline: Baseline, limit: float, metrics: Sequence[str]
) -> list[Judgement]:
    """Compare results, as far as they go, with the baseline's on the same payload."""
    recipe = results.payload.recipe
    before = baseline.records[recipe.id]
    rounds = results.rounds
    judgements = []
    for metric in metrics:
        change = _change(results, before, metric)
        if change is None:
            continue
        reason = _mood(results, before, metric)
        verdict = Verdict.INCONCLUSIVE if reason else decide(change, limit)
        judgements.append(
            Judgement(recipe.id, recipe.dimension, metric, change, rounds, verdict, reason)
        )
    return judgements


def _mood(results: Results, before: Record, metric: str) -> str:
    """Why times cannot be compared: this machine is busier than the baseline's, or calmer.

    An injector and a pipeline lose different shares of their wall time to others that want the
    processors. CPU time changes less, but it does: threads that have a processor each hand over
    more often, and caches are shared.
    """
    most = MOST_WAITING.get(metric, math.inf)
    waits = estimate.ratios(results.series(CONTROL, "wall"), results.series(CONTROL, "cpu"))
    change = statistics.median(waits) / before.waits
    if change > most:
        return "the machine is busier than the baseline's was"
    if change < 1 / most:
        return "the machine is calmer than the baseline's was"
    return ""


def _change(results: Results, before: Record, metric: str) -> Estimate | None:
    """How many times the baseline's a figure is; None for peaks that were not both exact.

    Peaks are compared as they are: memory, unlike time, does not depend on the machine's speed.
    """
    if metric != "peak":
        now = estimate.ratios(results.series(SUBJECT, metric), results.series(CONTROL, metric))
        return estimate.quotient(now, before.ratios[metric])
    peak = results.peaks[SUBJECT]
    if before.peak is None or peak.method != "exact":
        return None
    share = peak.size / before.peak
    if abs(peak.size - before.peak) <= PEAK_NOISE:
        share = 1.0
    return Estimate(share, share, share, 1.0)


def is_settled(judgements: Sequence[Judgement]) -> bool:
    """Whether more rounds would change nothing: one figure has regressed, or all are decided."""
    verdicts = {one.verdict for one in judgements}
    return Verdict.REGRESSED in verdicts or Verdict.INCONCLUSIVE not in verdicts


def overall(judgements: Iterable[Judgement]) -> Verdict:
    """What they say together: that something regressed, else that something is unsure."""
    verdicts = {one.verdict for one in judgements}
    for verdict in (Verdict.REGRESSED, Verdict.INCONCLUSIVE):
        if verdict in verdicts:
            return verdict
    return Verdict.KEPT

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
    control = results.series(CONTROL, "wall"), results.series(CONTROL, "cpu")
    judgements = []
    for metric in metrics:
        change = _change(results, before, metric)
        if change is None:
            continue
        reason = mood(*control, before.waits, metric)
        place = (recipe.id, recipe.dimension, metric)
        judgements.append(judgement(place, change, limit, rounds, reason))
    return judgements


def mood(wall: Sequence[float], cpu: Sequence[float], before: float, metric: str) -> str:
    """Why times cannot be compared: this machine is busier than the baseline's, or calmer.

    An injector and a pipeline lose different shares of their wall time to others that want the
    processors. CPU time changes less, but it does: threads that have a processor each hand over
    more often, and caches are shared.

    Args:
        wall: seconds that the control took, round by round.
        cpu: its CPU seconds.
        before: how many times its CPU time the control took in the baseline.
        metric: what is to be compared.
    """
    most = MOST_WAITING.get(metric, math.inf)
    change = statistics.median(estimate.ratios(wall, cpu)) / before
    if change > most:
        return "the machine is busier than the baseline's was"
    if change < 1 / most:
        return "the machine is calmer than the baseline's was"
    return ""


def memory(size: float, before: float) -> Estimate:
    """How many times the baseline's bytes there are.

    They are compared as they are: memory, unlike time, does not depend on the machine's speed.
    """
    share = 1.0 if abs(size - before) <= PEAK_NOISE else size / before
    return Estimate(share, share, share, 1.0)


def judgement(
    place: tuple[str, str, str],
    change: Estimate,
    limit: float,
    rounds: int,
    reason: str,
) -> Judgement:
    """What became of one figure.

    Args:
        place: payload, dimension, metric.
        change: how many times the baseline's it is now.
        limit: times the baseline that is too much.
        rounds: how many rounds it took.
        reason: why it cannot be judged; empty if it can.
    """
    verdict = Verdict.INCONCLUSIVE if reason else decide(change, limit)
    return Judgement(*place, change, rounds, verdict, reason)


def _change(results: Results, before: Record, metric: str) -> Estimate | None:
    """How many times the baseline's a figure is; None for peaks that were not both exact."""
    if metric != "peak":
        now = estimate.ratios(results.series(SUBJECT, metric), results.series(CONTROL, metric))
        return estimate.quotient(now, before.ratios[metric])
    peak = results.peaks[SUBJECT]
    if before.peak is None or peak.method != "exact":
        return None
    return memory(peak.size, before.peak)


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

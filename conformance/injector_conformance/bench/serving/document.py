"""The report on those who serve as JSON; ``schema.json`` describes it.

Files that ``--json`` wrote serve as baselines, so samples are kept, round by round.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from injector_conformance import __version__
from injector_conformance.bench import estimate
from injector_conformance.bench.document import Document, described, reasons
from injector_conformance.bench.estimate import Estimate
from injector_conformance.bench.growth import LEAST_POINTS, Growth, fit
from injector_conformance.bench.serving.contestants import CONTROL
from injector_conformance.bench.serving.figures import SERIES
from injector_conformance.bench.serving.results import Results
from injector_conformance.bench.serving.run import Outcome, Plan
from injector_conformance.profiles import UNIFIED

SCHEMA_VERSION: Final = "1.0.0"
"""Version of ``schema.json``, which reports and so baselines follow."""

BUSY: Final = "busy"

_DIGITS: Final = 9


def build(
    outcome: Outcome,
    plan: Plan,
    facts: Document,
    where: str,
    missing: Mapping[str, str],
) -> Document:
    """The whole report.

    Args:
        outcome: what was measured.
        plan: what was to be measured.
        facts: of the machine, taken before the run.
        where: ``tmpfs``, ``disk`` or a directory.
        missing: why peers are not there.
    """
    return {
        "schema": SCHEMA_VERSION,
        "profile": UNIFIED.id,
        "suite": __version__,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": facts,
        "settings": {"where": where, "seed": plan.seed, "control": CONTROL},
        "contestants": [described(one) for one in plan.contestants],
        "figures": [figure(one) for one in outcome.results],
        "growth": growth(outcome.results),
        "skipped": reasons("figure", outcome.skipped),
        "missing": reasons("contestant", missing),
    }


def figure(results: Results) -> Document:
    """What was measured of one figure."""
    made = results.figure
    return {
        "id": made.id,
        "group": made.group,
        "value": made.value,
        "title": made.title,
        "unit": made.unit,
        "rounds": results.rounds,
        "results": [_result(results, one) for one, samples in results.samples.items() if samples],
        "failed": reasons("contestant", results.failures),
    }


def growth(measured: Sequence[Results]) -> list[Document]:
    """The exponents of all series that can be fitted, for everyone who was measured in all of it.

    Where costs do not rise by a tenth above the floor there is nothing to fit: the cost does not
    depend on the value, or hardly.
    """
    by_id = {one.figure.id: one for one in measured}
    found = []
    for series in SERIES:
        floor = by_id.get(series.floor)
        points = [one for one in measured if one.figure.group == series.group]
        if floor is None or len(points) < LEAST_POINTS:
            continue
        metric = "cpu" if "cpu" in floor.figure.metrics else "wall"
        for contestant in floor.samples:
            if all(one.samples.get(contestant) for one in points):
                fitted = fitted_growth(floor, points, contestant, metric)
                found.append(_growth(series.group, contestant, metric, fitted))
    return found


def fitted_growth(
    floor: Results, points: Sequence[Results], contestant: str, metric: str
) -> Growth | None:
    """How a contestant's cost grows along a series of figures; None where it does not rise."""
    costs = [(one.figure.value or 0, one.series(contestant, metric)) for one in points]
    return fit(floor.series(contestant, metric), costs)


def _growth(group: str, contestant: str, metric: str, fitted: Growth | None) -> Document:
    found: Document = {"group": group, "contestant": contestant, "metric": metric}
    if fitted is None:
        return found | {"points": 0}
    return found | {"points": fitted.points, **_estimate(fitted.exponent)}


def _result(results: Results, contestant: str) -> Document:
    result: Document = {"contestant": contestant}
    control = results.samples.get(CONTROL)
    for metric in results.figure.metrics:
        samples = results.series(contestant, metric)
        told: Document = _estimate(estimate.median(samples))
        if control:
            ratios = estimate.ratios(samples, results.series(CONTROL, metric))
            told["times_control"] = _estimate(estimate.median(ratios))
        told["samples"] = [round(sample, _DIGITS) for sample in samples]
        result[metric] = told
    busy = [sample[BUSY] for sample in results.samples[contestant] if BUSY in sample]
    if busy:
        result["load"] = round(estimate.median(busy).value, 3)
    return result


def _estimate(one: Estimate) -> Document:
    return {name: round(value, _DIGITS) for name, value in asdict(one).items()}

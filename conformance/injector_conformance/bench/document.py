"""The report of a benchmark as JSON; ``schema.json`` describes it.

Files that ``--json`` wrote serve as baselines, so samples are kept, round by round.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from injector_conformance import __version__
from injector_conformance.bench import estimate
from injector_conformance.bench.baseline import METRICS, SCHEMA_VERSION
from injector_conformance.bench.contestants import CONTROL, Contestant
from injector_conformance.bench.estimate import Estimate
from injector_conformance.bench.gate import Judgement, Verdict
from injector_conformance.bench.growth import Growth, fit
from injector_conformance.bench.recipes import DIMENSIONS
from injector_conformance.bench.results import Results
from injector_conformance.bench.run import Outcome, Plan

Document = dict[str, Any]

_DIGITS: Final = 6


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
        facts: from :func:`machine`, taken before the run.
        where: ``tmpfs``, ``disk`` or a directory.
        missing: why peers are not there.
    """
    return {
        "schema": SCHEMA_VERSION,
        "suite": __version__,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": facts,
        "settings": {"where": where, "seed": plan.seed, "control": CONTROL},
        "contestants": [described(one) for one in plan.contestants],
        "payloads": [payload(one) for one in outcome.results],
        "growth": growth(outcome.results),
        "skipped": reasons("payload", outcome.skipped),
        "missing": reasons("contestant", missing),
    }


def write(document: Document, path: Path) -> None:
    """Write a report.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compared(judgements: Sequence[Judgement], verdict: Verdict, limit: float) -> Document:
    """What a comparison with a baseline said."""
    return {
        "limit": limit,
        "verdict": verdict.value,
        "judgements": [
            {
                "payload": one.payload,
                "dimension": one.dimension,
                "metric": one.metric,
                "verdict": one.verdict.value,
                "rounds": one.rounds,
                "times_baseline": _estimate(one.change),
                **({"reason": one.reason} if one.reason else {}),
            }
            for one in judgements
        ],
    }


def machine() -> Document:
    """This machine as it is now: its kind, and how busy it is."""
    processor = ""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    return {
        "machine": platform.machine(),
        "processor": processor,
        "processors": len(os.sched_getaffinity(0)),
        "memory": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
    }


def growth(measured: Sequence[Results]) -> list[Document]:
    """The exponents of all dimensions that can be fitted, for everyone who ran on all of them."""
    by_id = {one.payload.recipe.id: one for one in measured}
    found = []
    for dimension in DIMENSIONS:
        floor = by_id.get(dimension.floor)
        series = [one for one in measured if one.payload.recipe.dimension == dimension.name]
        if floor is None or not series:
            continue
        for contestant in series[0].samples:
            if not all(one.samples.get(contestant) for one in (floor, *series)):
                continue
            for metric in METRICS:
                fitted = fitted_growth(floor, series, contestant, metric)
                if fitted is not None:
                    found.append(
                        {
                            "dimension": dimension.name,
                            "contestant": contestant,
                            "metric": metric,
                            "points": fitted.points,
                            **_estimate(fitted.exponent),
                        }
                    )
    return found


def fitted_growth(
    floor: Results, series: Sequence[Results], contestant: str, metric: str
) -> Growth | None:
    """How a contestant's cost grows along a series of payloads."""
    points = [(one.payload.recipe.value or 0, one.series(contestant, metric)) for one in series]
    return fit(floor.series(contestant, metric), points)


def described(one: Contestant) -> Document:
    """Who was measured."""
    size, digest = one.subject.identity()
    facts: Document = {"id": one.id, "title": one.title, "kind": one.kind}
    if one.kind in ("subject", "injector"):
        facts |= {"sha256": digest, "size": size}
    return facts | ({"version": one.version} if one.version else {})


def payload(results: Results) -> Document:
    """What was measured on one payload."""
    made = results.payload
    return {
        "id": made.recipe.id,
        "dimension": made.recipe.dimension,
        "value": made.recipe.value,
        "title": made.recipe.title,
        "content": made.content,
        "compressed": made.compressed,
        "files": made.files,
        "chunks": made.chunks,
        "rounds": results.rounds,
        "results": [_result(results, one) for one, samples in results.samples.items() if samples],
        "failed": reasons("contestant", results.failures),
    }


def _result(results: Results, contestant: str) -> Document:
    result: Document = {"contestant": contestant}
    for metric in METRICS:
        samples = results.series(contestant, metric)
        control = results.series(CONTROL, metric)
        result[metric] = {
            **_estimate(estimate.median(samples)),
            "times_control": _estimate(estimate.median(estimate.ratios(samples, control))),
            "samples": [round(sample, _DIGITS) for sample in samples],
        }
    return result | {"peak": asdict(results.peaks[contestant])}


def _estimate(one: Estimate) -> Document:
    return {name: round(value, _DIGITS) for name, value in asdict(one).items()}


def reasons(name: str, found: Mapping[str, str]) -> list[Document]:
    """Why there is nothing of some: ``found`` by what ``name`` stands for."""
    return [{name: one, "reason": reason} for one, reason in found.items()]

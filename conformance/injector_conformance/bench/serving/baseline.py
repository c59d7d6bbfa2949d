"""Baselines of those who serve: what ``bench --profile unified --json`` wrote earlier."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from injector_conformance.bench import estimate
from injector_conformance.bench.baseline import Form
from injector_conformance.bench.serving.document import SCHEMA_VERSION
from injector_conformance.bench.serving.figures import FIGURES
from injector_conformance.profiles import UNIFIED

TIMES: Final = ("wall", "cpu")
"""What is compared as a share of the control's. How long a single answer takes under load changes
too much from run to run to be held against a limit: it is shown."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a baseline knows of one figure.

    Attributes:
        ratios: by metric, the subject's samples as shares of the control's.
        waits: how many times its processor time the control took; None if that is not known.
        size: the median of the bytes that were resident; None if they were not measured.
    """

    ratios: Mapping[str, Sequence[float]]
    waits: float | None
    size: float | None


def _record(figure: Mapping[str, Any], control: str) -> Record:
    results = {result["contestant"]: result for result in figure["results"]}
    subject, other = results["subject"], results[control]
    ratios = {
        metric: estimate.ratios(subject[metric]["samples"], other[metric]["samples"])
        for metric in TIMES
        if metric in subject
    }
    if not all(ratios.values()):
        raise ValueError(f"no samples of {figure['id']}")
    waits = None
    if all(metric in other for metric in TIMES):
        waited = estimate.ratios(other["wall"]["samples"], other["cpu"]["samples"])
        waits = statistics.median(waited)
    size = statistics.median(subject["size"]["samples"]) if "size" in subject else None
    return Record(ratios, waits, size)


FORM: Final = Form(
    f"bench --profile {UNIFIED.id}", UNIFIED.id, SCHEMA_VERSION, "figures", FIGURES, _record
)

read = FORM.read

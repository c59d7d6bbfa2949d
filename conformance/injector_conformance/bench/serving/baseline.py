"""Baselines of those who serve: what ``bench --profile unified --json`` wrote earlier."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance import named_file
from injector_conformance.bench import UsageError, estimate
from injector_conformance.bench.serving.document import SCHEMA_VERSION
from injector_conformance.bench.serving.figures import FIGURES, Figure
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


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline.

    Attributes:
        records: by figure.
        machine: the kind of machine that it was measured on.
        control: the version of its control.
    """

    records: Mapping[str, Record]
    machine: Mapping[str, Any]
    control: str

    def select(self, wanted: Sequence[Figure], named: bool) -> list[Figure]:
        """Those of the wanted figures that the baseline has.

        Args:
            wanted: the figures.
            named: whether the user named them, so that none may be missing.

        Raises:
            UsageError: one that was named, or every one, is not in the baseline.
        """
        found = [figure for figure in wanted if figure.id in self.records]
        absent = [figure.id for figure in wanted if figure.id not in self.records]
        if not found or (named and absent):
            raise UsageError(
                f"the baseline has no figure {', '.join(absent)}; it has {', '.join(self.records)}"
            )
        return found


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        UsageError: it is not there, or is not a report of ``bench --profile unified --json``.
    """
    try:
        document = json.loads(named_file.read(path))
    except OSError as error:
        raise UsageError(f"--baseline {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--baseline {path}: is not JSON ({error})") from error
    is_report = isinstance(document, dict) and document.get("profile") == UNIFIED.id
    if not is_report or document.get("schema") != SCHEMA_VERSION:
        raise UsageError(
            f"--baseline {path}: is not a report of bench --profile {UNIFIED.id}, schema"
            f" {SCHEMA_VERSION}; write one with bench --profile {UNIFIED.id} --json {path}"
        )
    try:
        control = document["settings"]["control"]
        records = {
            figure["id"]: _record(figure, control)
            for figure in document["figures"]
            if figure["id"] in FIGURES
        }
        versions = {one["id"]: one.get("version", "") for one in document["contestants"]}
        baseline = Baseline(records, document["machine"], versions[control])
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise UsageError(f"--baseline {path}: is damaged ({error!r})") from error
    if not records:
        raise UsageError(f"--baseline {path}: holds no figure that this version knows")
    return baseline


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

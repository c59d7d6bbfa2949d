"""Baselines: what ``bench --json`` wrote on an earlier day."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance import named_file
from injector_conformance.bench import UsageError, estimate
from injector_conformance.bench.recipes import RECIPES, Recipe

SCHEMA_VERSION: Final = "1.0.0"
"""Version of ``schema.json``, which reports and so baselines follow."""

METRICS: Final = ("wall", "cpu")
"""Times that a report has."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a baseline knows of one payload.

    Attributes:
        ratios: by metric, the subject's samples as shares of the control's.
        waits: how many times its CPU time the control took; more, the busier the machine was.
        peak: bytes, if they were measured exactly.
    """

    ratios: Mapping[str, Sequence[float]]
    waits: float
    peak: int | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline.

    Attributes:
        records: by payload.
        machine: the kind of machine that it was measured on.
        control: the version of its control.
    """

    records: Mapping[str, Record]
    machine: Mapping[str, Any]
    control: str

    def select(self, wanted: Sequence[Recipe], named: bool) -> list[Recipe]:
        """Those of the wanted payloads that the baseline has.

        Args:
            wanted: the payloads.
            named: whether the user named them, so that none may be missing.

        Raises:
            UsageError: one that was named, or every one, is not in the baseline.
        """
        found = [recipe for recipe in wanted if recipe.id in self.records]
        absent = [recipe.id for recipe in wanted if recipe.id not in self.records]
        if not found or (named and absent):
            raise UsageError(
                f"the baseline has no payload {', '.join(absent)}; it has"
                f" {', '.join(self.records)}"
            )
        return found


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        UsageError: it is not there, or is not a report of ``bench --json``.
    """
    try:
        document = json.loads(named_file.read(path))
    except OSError as error:
        raise UsageError(f"--baseline {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--baseline {path}: is not JSON ({error})") from error
    version = document.get("schema") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise UsageError(
            f"--baseline {path}: is not a report of bench --json (schema {version},"
            f" not {SCHEMA_VERSION}); write one with bench --json {path}"
        )
    try:
        control = document["settings"]["control"]
        records = {
            payload["id"]: _record(payload, control)
            for payload in document["payloads"]
            if payload["id"] in RECIPES
        }
        versions = {one["id"]: one.get("version", "") for one in document["contestants"]}
        baseline = Baseline(records, document["machine"], versions[control])
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise UsageError(f"--baseline {path}: is damaged ({error!r})") from error
    if not records:
        raise UsageError(f"--baseline {path}: holds no payload that this version knows")
    return baseline


def _record(payload: Mapping[str, Any], control: str) -> Record:
    results = {result["contestant"]: result for result in payload["results"]}
    subject, other = results["subject"], results[control]
    ratios = {
        metric: estimate.ratios(subject[metric]["samples"], other[metric]["samples"])
        for metric in METRICS
    }
    if not all(ratios.values()):
        raise ValueError(f"no samples on {payload['id']}")
    waits = statistics.median(estimate.ratios(other["wall"]["samples"], other["cpu"]["samples"]))
    peak = subject["peak"]
    return Record(ratios, waits, peak["size"] if peak["method"] == "exact" else None)

"""Baselines: what ``bench --json`` wrote on an earlier day."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from injector_conformance.bench import UsageError, estimate
from injector_conformance.bench.recipes import RECIPES
from injector_conformance.host import named_file

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


class Identified(Protocol):
    """What has a name in reports."""

    @property
    def id(self) -> str:
        """The name."""


Known = TypeVar("Known")
Wanted = TypeVar("Wanted", bound=Identified)


# Without slots: Python 3.11 cannot make a frozen generic one that has them.
@dataclass(frozen=True)
class Recorded(Generic[Known]):
    """A baseline.

    Attributes:
        records: what it knows, by payload or figure.
        machine: the kind of machine that it was measured on.
        control: the version of its control.
    """

    records: Mapping[str, Known]
    machine: Mapping[str, Any]
    control: str

    def select(self, wanted: Sequence[Wanted], named: bool) -> list[Wanted]:
        """Those of the wanted payloads or figures that the baseline has.

        Args:
            wanted: the payloads or figures.
            named: whether the user named them, so that none may be missing.

        Raises:
            UsageError: one that was named, or every one, is not in the baseline.
        """
        found = [one for one in wanted if one.id in self.records]
        absent = [one.id for one in wanted if one.id not in self.records]
        if not found or (named and absent):
            raise UsageError(
                f"the baseline has no {', '.join(absent)}; it has {', '.join(self.records)}"
            )
        return found


Baseline = Recorded[Record]


@dataclass(frozen=True, slots=True)
class Form(Generic[Known]):
    """What reports look like that can be a baseline.

    Attributes:
        command: what writes them.
        profile: the profile that they name; None for the first one, which names none.
        schema: the version of their schema.
        parts: the key of the list of what was measured.
        known: the ids of it that this version knows.
        record: makes a record of one, given the control's id.
    """

    command: str
    profile: str | None
    schema: str
    parts: str
    known: Container[str]
    record: Callable[[Mapping[str, Any], str], Known]

    def read(self, path: Path) -> Recorded[Known]:
        """Read a baseline.

        Raises:
            UsageError: it is not there, or is no report of this form.
        """
        document = self._document(path)
        try:
            control = document["settings"]["control"]
            records = {
                part["id"]: self.record(part, control)
                for part in document[self.parts]
                if part["id"] in self.known
            }
            versions = {one["id"]: one.get("version", "") for one in document["contestants"]}
            baseline = Recorded(records, document["machine"], versions[control])
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise UsageError(f"--baseline {path}: is damaged ({error!r})") from error
        if not records:
            raise UsageError(f"--baseline {path}: holds no {self.parts} that this version knows")
        return baseline

    def _document(self, path: Path) -> dict[str, Any]:
        try:
            document = named_file.read_json(path, f"{self.command} --json")
        except named_file.NoJsonError as error:
            raise UsageError(f"--baseline {error}") from error
        facts = document if isinstance(document, dict) else {}
        version, profile = facts.get("schema"), facts.get("profile")
        if version != self.schema or profile != self.profile:
            told = f"schema {version}, not {self.schema}"
            if profile != self.profile:
                told = f"profile {profile}" if profile else "no profile"
            raise UsageError(
                f"--baseline {path}: is not a report of {self.command} --json ({told}); write one"
                f" with {self.command} --json {path}"
            )
        return facts


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


FORM: Final = Form("bench", None, SCHEMA_VERSION, "payloads", RECIPES, _record)

read = FORM.read

"""How the whole story went on a cluster, as ``cluster --json`` tells it: steps and verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from injector_conformance.reports.document import Document
from injector_conformance.reports.html.failures import shortened
from injector_conformance.reports.html.marks import BROKEN, KEPT, SKIPPED, Mark
from injector_conformance.reports.html.runs import Run

_BY_VERDICT: Final = {"kept": KEPT, "broken": BROKEN, "skipped": SKIPPED}

_WELL: Final = Mark("kept", "✓", "the whole story went well")
_WRONG: Final = Mark("broken", "✗", "the injector did something wrong")
_UNKNOWN: Final = Mark("skipped", "?", "nothing is known: the cluster did something wrong")

_OWN: Final = ("ready", "inject")
"""The step from the pod's creation to the injector's readiness, or to its end, by profile."""

_LONGEST: Final = 1200
"""Characters of what Kubernetes and logs have to say."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        seconds: how long it took.
        start: where it begins, in per cent of the whole story.
        width: how much of it is this step's, likewise.
    """

    title: str
    seconds: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Story:
    """One run of the command.

    Attributes:
        anchor: its place on the page.
        runs: the columns of the page that judged the same file.
        document: what was read.
    """

    anchor: str
    runs: tuple[Run, ...]
    document: Document

    @property
    def name(self) -> str:
        """The injector's file."""
        return str(self.document["injector"]["name"])

    @property
    def verdict(self) -> Mark:
        """How it ended, as a mark."""
        finding = self.document["finding"]
        if finding is None:
            return _WELL
        return _WRONG if finding["blame"] == "injector" else _UNKNOWN

    @property
    def seconds(self) -> float:
        """All steps together."""
        return float(sum(one["seconds"] for one in self.document["steps"]))

    @property
    def own(self) -> float | None:
        """Seconds that the injector's own step took; None if the story did not come so far."""
        found = [one["seconds"] for one in self.document["steps"] if one["id"] in _OWN]
        return float(found[0]) if found else None

    @property
    def steps(self) -> list[Step]:
        """The steps, each beginning where the one before it ends."""
        whole, steps, start = self.seconds or 1.0, [], 0.0
        for one in self.document["steps"]:
            width = one["seconds"] / whole * 100
            steps.append(
                Step(one["title"], one["seconds"], round(start, 2), round(max(width, 0.5), 2))
            )
            start += width
        return steps

    @property
    def evidence(self) -> str:
        """What shows what went wrong; empty if nothing did, or nothing shows it."""
        finding = self.document["finding"]
        return shortened(finding["evidence"], _LONGEST) if finding else ""

    @property
    def verdicts(self) -> list[tuple[str, Mark, str]]:
        """Requirement, mark, and what that rests on."""
        return [
            (one["id"], _BY_VERDICT[one["verdict"]], shortened(one["why"], _LONGEST))
            for one in self.document["requirements"]
        ]

    def said(self, requirement: str) -> tuple[Mark, str] | None:
        """Mark and reason of a requirement; None if it was not judged."""
        found = [
            (mark, why)
            for identifier, mark, why in self.verdicts
            if identifier == requirement and mark is not SKIPPED
        ]
        return found[0] if found else None

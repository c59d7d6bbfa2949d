"""What a story says about requirements: each is kept, broken, or was not judged, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from injector_conformance.cluster.errors import ClusterError
from injector_conformance.cluster.faults import Blame, Finding
from injector_conformance.cluster.steps import BrokenError, Steps
from injector_conformance.profiles import STAGE1, UNIFIED

REQUIREMENTS: Final = {
    STAGE1.id: ("CTR-1", "CTR-2", "CTR-3", "CTR-4", "CTR-5", "RUN-1", "RUN-5", "RUN-7", "SUM-1"),
    UNIFIED.id: (
        *("CTR-1", "CTR-2", "CTR-3", "CTR-5", "CTR-6"),
        *("RUN-5", "SUM-1", "EXT-3", "LIFE-2"),
    ),
}
"""Those that a story can say something about, by profile."""


class Verdict(StrEnum):
    """How a requirement came off."""

    KEPT = "kept"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict: what it rests on, or why there is none."""

    requirement: str
    verdict: Verdict
    why: str

    def as_json(self) -> dict[str, Any]:
        """In the words of the report."""
        return {"id": self.requirement, "verdict": self.verdict.value, "why": self.why}


@dataclass(slots=True)
class Verdicts:
    """What was said so far.

    Attributes:
        profile: its id.
        finding: the first fault that broke a requirement.
        notes: what belongs to no requirement.
    """

    profile: str
    finding: Finding | None = None
    notes: list[str] = field(default_factory=list)
    _said: dict[str, Said] = field(default_factory=dict)

    def keep(self, why: str, *requirements: str) -> None:
        """They were kept; what is broken already stays broken."""
        self._say(Verdict.KEPT, why, requirements)

    def skip(self, why: str, *requirements: str) -> None:
        """They could not be judged."""
        for one in requirements:
            self._said.setdefault(one, Said(one, Verdict.SKIPPED, why))

    def charge(self, finding: Finding) -> None:
        """What a fault breaks is broken."""
        if self.finding is None:
            self.finding = finding
        self._say(Verdict.BROKEN, str(finding), finding.fault.breaks)

    def all(self) -> list[Said]:
        """A verdict for each requirement, in the order of the specification."""
        known = REQUIREMENTS[self.profile]
        more = [one for one in self._said if one not in known]
        unsaid = "the story ended before"
        return [self._said.get(one, Said(one, Verdict.SKIPPED, unsaid)) for one in (*known, *more)]

    def _say(self, verdict: Verdict, why: str, requirements: Sequence[str]) -> None:
        for one in requirements:
            said = self._said.get(one)
            if said is None or said.verdict is not Verdict.BROKEN:
                self._said[one] = Said(one, verdict, why)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is judged when the story is over.

    Attributes:
        id: of its step.
        title: what was done, in the words of a step.
        requirements: that are kept if it goes well.
        why: what the verdict then rests on.
    """

    id: str
    title: str
    requirements: tuple[str, ...]
    why: str


def judge(check: Check, verdicts: Verdicts, steps: Steps, body: Callable[[], None]) -> bool:
    """Do it, and say what follows; whether it went well.

    Args:
        check: what is judged.
        verdicts: gets what follows.
        steps: gets a step if it goes well.
        body: raises BrokenError for what has a name, and ClusterError for what is the cluster's:
            then the requirements are not judged.
    """
    try:
        with steps.step(check.id, check.title):
            body()
    except BrokenError as broken:
        finding = broken.finding
        if finding.fault.blame is Blame.INJECTOR and finding.fault.breaks:
            verdicts.charge(finding)
        elif finding.fault.blame is Blame.INJECTOR:
            verdicts.notes.append(str(finding))
        verdicts.skip(str(finding), *check.requirements)
        return False
    except ClusterError as error:
        verdicts.skip(str(error), *check.requirements)
        return False
    verdicts.keep(check.why, *check.requirements)
    return True


def alpine(verdicts: Verdicts, image: str, architecture: str) -> None:
    """CTR-1 and CTR-2, of which an image that is called so tells."""
    is_alpine = "alpine" in image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    for requirement, machine in (("CTR-1", "amd64"), ("CTR-2", "arm64")):
        if is_alpine and machine == architecture:
            verdicts.keep(f"in {image} on {machine}", requirement)
        else:
            verdicts.skip(
                f"it ran in {image} on {architecture}: name an image of Alpine, on {machine}",
                requirement,
            )

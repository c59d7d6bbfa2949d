"""The result of a run: a status for every requirement, and one verdict."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from injector_conformance.judging import promises
from injector_conformance.judging.verdict import UNIVERSAL
from injector_conformance.profiles import DEFAULT
from injector_conformance.run.baseline import EMPTY, Accepted, Baseline
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.specification.requirement import Level, Requirement
from injector_conformance.specification.spec import Specification

_WATCHED: Final = frozenset((*UNIVERSAL, *promises.UNIVERSAL))
"""Requirements that every run is held to, under one profile or another."""


class Status(StrEnum):
    """What became of a requirement, or of a case in the light of one."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    EXPECTED_FAILURE = "expected-failure"
    UNEXPECTED_PASS = "unexpected-pass"  # noqa: S105 - a status, no password
    HARNESS_ERROR = "harness-error"


class Verdict(StrEnum):
    """What is said of the subject as a whole."""

    CONFORMANT = "conformant"
    DEVIATING = "conformant-with-deviations"
    """Nothing counts against it but what the baseline accepts."""
    SELECTED = "conformant-in-selection"
    """Nothing counts against it in the cases that the user picked; of the others nobody knows."""
    NONCONFORMANT = "nonconformant"
    PARTIAL = "partial"
    HARNESS_ERROR = "harness-error"

    @property
    def exit_status(self) -> int:
        """0 conformant, 1 not; 3 when something could not be judged, so that nothing is known.

        What was accepted or left out was so at the user's own word, and every report says it.
        """
        if self in (Verdict.CONFORMANT, Verdict.DEVIATING, Verdict.SELECTED):
            return 0
        return 1 if self is Verdict.NONCONFORMANT else 3


_GRAVEST: Final = (
    *(Status.HARNESS_ERROR, Status.UNEXPECTED_PASS, Status.FAILED),
    *(Status.INCONCLUSIVE, Status.SKIPPED),
)
"""Which status of a case decides about its requirement."""


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """One requirement with every case that has to do with it.

    Attributes:
        requirement: what was promised.
        status: whether the promise was kept.
        cases: the cases that are about it, and others in which it was broken.
        accepted: the baseline's entry for the whole requirement, if it has one.
    """

    requirement: Requirement
    status: Status
    cases: tuple[tuple[CaseResult, Status], ...]
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that a run has found out.

    Attributes:
        requirements: in the order of SPEC.md; only those that this run was about.
        cases: all of them.
        level: the level up to which failures count.
        not_applicable: requirements of the profile that this kind of run does not judge, and why.
        is_narrowed: whether the user picked some of the cases.
    """

    requirements: tuple[RequirementResult, ...]
    cases: tuple[CaseResult, ...]
    level: Level
    not_applicable: tuple[tuple[Requirement, str], ...] = ()
    is_narrowed: bool = False

    @property
    def verdict(self) -> Verdict:
        """The verdict. A run with anything skipped or inconclusive is never conformant."""
        if any(one.status is CaseStatus.ERROR for one in self.cases):
            return Verdict.HARNESS_ERROR
        if any(self.counts(one) for one in self.requirements):
            return Verdict.NONCONFORMANT
        if any(one.status is CaseStatus.SKIPPED for one in self.cases):
            return Verdict.PARTIAL
        if any(one.status is Status.INCONCLUSIVE for one in self.requirements):
            return Verdict.PARTIAL
        if self.is_narrowed:
            return Verdict.SELECTED
        return Verdict.DEVIATING if self.deviations else Verdict.CONFORMANT

    @property
    def deviations(self) -> int:
        """How many requirements would count against the subject if no baseline accepted them."""
        return sum(
            one.status is Status.EXPECTED_FAILURE and one.requirement.level.is_at_least(self.level)
            for one in self.requirements
        )

    def counts(self, one: RequirementResult) -> bool:
        """Whether a requirement's status makes the subject nonconformant.

        A stale baseline entry counts whatever its level: it hides what is true now.
        """
        if one.status is Status.UNEXPECTED_PASS:
            return True
        return one.status is Status.FAILED and one.requirement.level.is_at_least(self.level)


def summarize(
    cases: Sequence[CaseResult],
    specification: Specification,
    *,
    level: Level = Level.MUST,
    baseline: Baseline = EMPTY,
    profile: str = DEFAULT.id,
    not_applicable: Iterable[tuple[Requirement, str]] = (),
    is_narrowed: bool = False,
    partly: Container[str] = (),
) -> Result:
    """Sum case results up to requirements, in the light of a baseline.

    Args:
        cases: what was judged.
        specification: what the requirements mean.
        level: down to which level failures count.
        baseline: what is accepted.
        profile: whose promises every run is held to.
        not_applicable: requirements that this kind of run does not judge, and why.
        is_narrowed: whether the user picked some of the cases.
        partly: requirements of which not all cases were picked: that none of them was broken does
            not make a baseline's entry stale.
    """
    cases = [one for one in cases if one.status is not CaseStatus.NOT_APPLICABLE]
    results = []
    by_requirement = _by_requirement(cases, specification.requirements, baseline)
    for identifier, requirement in specification.requirements.items():
        concerned = by_requirement.get(identifier, [])
        is_watched = identifier in _WATCHED and profile in requirement.profiles
        if not concerned and not (is_watched and cases):
            continue
        found = _requirement_result(requirement, concerned, baseline, identifier in partly)
        results.append(found)
    return Result(tuple(results), tuple(cases), level, tuple(not_applicable), is_narrowed)


def _by_requirement(
    cases: Iterable[CaseResult], known: Iterable[str], baseline: Baseline
) -> Mapping[str, list[CaseResult]]:
    """Under each requirement the cases that say something about it, or are said to."""
    accepted: dict[str, set[str]] = {}
    for entry in baseline.entries:
        for name in entry.cases:
            accepted.setdefault(name, set()).add(entry.requirement)
    found: dict[str, list[CaseResult]] = {identifier: [] for identifier in known}
    for one in cases:
        said = {
            *one.case.requirements,
            *(broken.requirement for broken in one.broken),
            *accepted.get(one.case.id, ()),
        }
        for identifier in said & found.keys():
            found[identifier].append(one)
    return found


def _breaks(one: CaseResult, identifier: str) -> bool:
    return any(broken.requirement == identifier for broken in one.broken)


def _requirement_result(
    requirement: Requirement,
    concerned: Sequence[CaseResult],
    baseline: Baseline,
    is_partly_judged: bool,
) -> RequirementResult:
    accepted = baseline.whole(requirement.id)
    judged = tuple((one, case_status(one, requirement.id, baseline)) for one in concerned)
    statuses = {status for _, status in judged}
    for status in _GRAVEST:
        if status in statuses:
            break
    else:
        expected = Status.EXPECTED_FAILURE
        status = expected if expected in statuses else Status.PASSED
    is_seen_always = accepted is not None and not accepted.sometimes
    if is_seen_always and status is Status.PASSED and not is_partly_judged:
        status = Status.UNEXPECTED_PASS
    return RequirementResult(requirement, status, judged, accepted)


def case_status(one: CaseResult, identifier: str, baseline: Baseline) -> Status:
    """A case's status as far as one requirement is concerned."""
    if one.status is CaseStatus.NOT_APPLICABLE:
        return Status.SKIPPED
    if one.status in (CaseStatus.SKIPPED, CaseStatus.ERROR):
        return Status(one.status.value)
    about = one.case.requirements
    by_name = baseline.case(identifier, one.case.id, about)
    is_accepted = by_name is not None or baseline.whole(identifier) is not None
    if _breaks(one, identifier):
        return Status.EXPECTED_FAILURE if is_accepted else Status.FAILED
    if not one.is_conclusive and identifier in about:
        return Status.EXPECTED_FAILURE if is_accepted else Status.INCONCLUSIVE
    # An entry without a requirement stands for all that the case is about.
    if (
        by_name is not None
        and not by_name.sometimes
        and (by_name.requirement or not any(_breaks(one, of) for of in about))
    ):
        return Status.UNEXPECTED_PASS
    return Status.PASSED

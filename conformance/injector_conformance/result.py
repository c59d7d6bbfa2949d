"""The result of a run: a status for every requirement, and one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from injector_conformance.baseline import EMPTY, Accepted, Baseline
from injector_conformance.requirement import Level, Requirement
from injector_conformance.session import CaseResult, CaseStatus
from injector_conformance.spec import Specification
from injector_conformance.verdict import UNIVERSAL


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
    NONCONFORMANT = "nonconformant"
    PARTIAL = "partial"
    HARNESS_ERROR = "harness-error"

    @property
    def exit_status(self) -> int:
        """0 conformant, 1 not; 3 when something could not be judged, so that nothing is known."""
        return {Verdict.CONFORMANT: 0, Verdict.NONCONFORMANT: 1}.get(self, 3)


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
        accepted: the baseline's entry, if it has one.
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
    """

    requirements: tuple[RequirementResult, ...]
    cases: tuple[CaseResult, ...]
    level: Level
    not_applicable: tuple[tuple[Requirement, str], ...] = ()

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
        return Verdict.CONFORMANT

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
    not_applicable: Iterable[tuple[Requirement, str]] = (),
) -> Result:
    """Sum case results up to requirements, in the light of a baseline."""
    results = []
    for identifier, requirement in specification.requirements.items():
        concerned = [
            one for one in cases if identifier in one.case.requirements or _breaks(one, identifier)
        ]
        if not concerned and not (identifier in UNIVERSAL and cases):
            continue
        results.append(_requirement_result(requirement, concerned, baseline))
    return Result(tuple(results), tuple(cases), level, tuple(not_applicable))


def _breaks(one: CaseResult, identifier: str) -> bool:
    return any(broken.requirement == identifier for broken in one.broken)


def _requirement_result(
    requirement: Requirement, concerned: Sequence[CaseResult], baseline: Baseline
) -> RequirementResult:
    accepted = baseline.requirement(requirement.id)
    judged = tuple((one, case_status(one, requirement.id, baseline)) for one in concerned)
    statuses = {status for _, status in judged}
    for status in _GRAVEST:
        if status in statuses:
            break
    else:
        expected = Status.EXPECTED_FAILURE
        status = expected if expected in statuses else Status.PASSED
    if accepted is not None:
        if status in (Status.FAILED, Status.INCONCLUSIVE):
            status = Status.EXPECTED_FAILURE
        elif status is Status.PASSED:
            status = Status.UNEXPECTED_PASS
    return RequirementResult(requirement, status, judged, accepted)


def case_status(one: CaseResult, identifier: str, baseline: Baseline) -> Status:
    """A case's status as far as one requirement is concerned."""
    accepted = baseline.case(one.case.id)
    if one.status in (CaseStatus.SKIPPED, CaseStatus.ERROR):
        return Status(one.status.value)
    if _breaks(one, identifier):
        return Status.EXPECTED_FAILURE if accepted is not None else Status.FAILED
    if not one.is_conclusive and identifier in one.case.requirements:
        return Status.EXPECTED_FAILURE if accepted is not None else Status.INCONCLUSIVE
    if accepted is not None and not one.broken:
        return Status.UNEXPECTED_PASS
    return Status.PASSED

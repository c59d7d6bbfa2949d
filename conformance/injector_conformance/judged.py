"""Judged cases: what a session has found out about each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from injector_conformance.case import Check
from injector_conformance.cause import Broken, Cause
from injector_conformance.outcome import Outcome


class CaseStatus(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    ERROR = "harness-error"
    NOT_APPLICABLE = "not-applicable"
    """Nothing that this subject does is spoken of; neither for it nor against it."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One judged case.

    Attributes:
        case: what was judged.
        status: passed, failed, inconclusive, skipped, or a harness error.
        broken: the promises that were broken, none unless it failed.
        outcome: how the subject's run ended; None if there was none.
        reason: why it was skipped, is inconclusive or could not be judged.
        is_conclusive: whether its positive control completed, so that it says anything about its
            own requirements. If it failed all the same, it broke promises of every run.
        stdout: the subject's output, bounded.
        stderr: likewise.
        seconds: wall time of the subject's run.
    """

    case: Check
    status: CaseStatus
    broken: tuple[Broken, ...] = ()
    outcome: Outcome | None = None
    reason: str = ""
    is_conclusive: bool = True
    stdout: bytes = b""
    stderr: bytes = b""
    seconds: float = 0.0


def is_chancy(result: CaseResult) -> bool:
    """Whether a result hangs on time or memory, so that once is not enough."""
    waited = result.status is CaseStatus.INCONCLUSIVE and result.outcome is None
    causes = {one.cause for one in result.broken}
    return waited or not causes.isdisjoint((Cause.HANG, Cause.MEMORY))

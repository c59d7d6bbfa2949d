"""Judged cases: what a session has found out about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from injector_conformance.cases.case import Check
from injector_conformance.judging.cause import Broken, Cause
from injector_conformance.observations.outcome import Outcome


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


CERTAIN: Final = 3
"""Hangs in a row that came back when they were run again: others of the kind are believed."""


class Recurrence:
    """What came back when it was run again.

    Once it has come back again and again it was the subject's: nobody waits for all of it. That
    holds for what breaks the same promise: who waits for ever for a chunk says nothing of how long
    it takes over a deep tree.
    """

    def __init__(self) -> None:
        """Nothing has come back yet."""
        self._again: Counter[tuple[str, ...]] = Counter()

    def settled(
        self, first: CaseResult, once_more: Callable[[CaseResult], CaseResult]
    ) -> CaseResult:
        """What counts: the first result if it is certain by now, else what comes of it again."""
        kind = tuple(one.requirement for one in first.broken)
        if self._again[kind] >= CERTAIN:
            return first
        result = once_more(first)
        self._again[kind] = self._again[kind] + 1 if is_chancy(result) else 0
        return result

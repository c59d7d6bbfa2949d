"""Outcomes: the one way in which a run of the subject ended (SPEC.md, "Outcomes")."""

from __future__ import annotations

import signal
from enum import Enum
from typing import Final


class Outcome(Enum):
    """How a run ended. The values are the words of SPEC.md and of every report."""

    COMPLETED = "completed"
    REJECTED = "rejected"
    ABORTED = "aborted"
    CRASHED = "crashed"
    HUNG = "hung"
    OVERSIZED = "oversized"
    QUIT = "quit"
    """Ended with status 0 without having served, under a profile in which it has to."""
    HARNESS_ERROR = "harness-error"

    @property
    def is_failure(self) -> bool:
        """Whether this is what SPEC.md means by "fail": rejected or aborted, nothing else."""
        return self in (Outcome.REJECTED, Outcome.ABORTED)


DELIBERATE_ABORTS: Final = frozenset({signal.SIGABRT, signal.SIGILL, signal.SIGTRAP})
"""Signals by which a program ends itself on purpose: panic=abort, immediate-abort."""

FIRST_RESERVED_STATUS: Final = 126
"""Statuses from here on are not a program's own verdict: POSIX shells and container runtimes
use 126 and 127 for programs that could not be run, and 128 + N for death by signal N."""

SIGNAL_BASE: Final = 128


def outcome_of(status: int) -> Outcome:
    """The outcome of a run that ended by itself.

    Args:
        status: exit status 0 to 255, or the negated signal number. ``128 + N``, which sandboxes
            and container runtimes report for signal N, counts as that signal.
    """
    if status == 0:
        return Outcome.COMPLETED
    if 0 < status < FIRST_RESERVED_STATUS:
        return Outcome.REJECTED
    return Outcome.ABORTED if signal_of(status) in DELIBERATE_ABORTS else Outcome.CRASHED


def signal_of(status: int) -> int:
    """The number of the signal that a status tells of; 0 or less if it tells of none."""
    return -status if status < 0 else status - SIGNAL_BASE

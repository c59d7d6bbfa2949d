from __future__ import annotations

import signal

import pytest

from injector_conformance.observations.outcome import Outcome, outcome_of


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0, Outcome.COMPLETED),
        (1, Outcome.REJECTED),
        (101, Outcome.REJECTED),
        (125, Outcome.REJECTED),
        (126, Outcome.CRASHED),
        (127, Outcome.CRASHED),
        (134, Outcome.ABORTED),
        (132, Outcome.ABORTED),
        (133, Outcome.ABORTED),
        (137, Outcome.CRASHED),
        (139, Outcome.CRASHED),
        (255, Outcome.CRASHED),
        (-signal.SIGABRT, Outcome.ABORTED),
        (-signal.SIGSEGV, Outcome.CRASHED),
        (-signal.SIGKILL, Outcome.CRASHED),
    ],
)
def test_a_status_has_one_outcome(status: int, outcome: Outcome) -> None:
    assert outcome_of(status) is outcome


def test_only_rejected_and_aborted_count_as_failing() -> None:
    assert {one for one in Outcome if one.is_failure} == {Outcome.REJECTED, Outcome.ABORTED}

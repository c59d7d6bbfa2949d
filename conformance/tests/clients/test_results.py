"""Whose fault a failure is, and what counts."""

from __future__ import annotations

import pytest

from injector_conformance.clients.results import Attempt, Cell, Outcome, Results, Row, Verdict
from injector_conformance.clients.trials import TRIALS
from injector_conformance.specification.requirement import Level

BY_ID = {one.id: one for one in TRIALS}
GOOD = Attempt(None, (), 0.1)
BAD = Attempt("no such image", (), 0.1)


@pytest.mark.parametrize(
    ("subject", "control", "outcome"),
    [
        (None, None, Outcome.NONE),
        (GOOD, None, Outcome.PASSED),
        (BAD, GOOD, Outcome.FAILED),
        (BAD, BAD, Outcome.UNABLE),
        (BAD, None, Outcome.UNCERTAIN),
    ],
)
def test_a_failure_is_the_subjects_only_if_the_control_lets_the_client_pass(
    subject: Attempt | None, control: Attempt | None, outcome: Outcome
) -> None:
    assert Cell(BY_ID["tag"], subject, control).outcome is outcome


@pytest.mark.parametrize(
    ("trial", "control", "level", "verdict"),
    [
        ("tag", GOOD, Level.MUST, Verdict.FAILED),
        ("digest", GOOD, Level.SHOULD, Verdict.FAILED),
        ("at-once", None, Level.MUST, Verdict.UNCERTAIN),
        ("tag", BAD, Level.MUST, Verdict.PULLED),
        ("tags", GOOD, Level.MUST, Verdict.PULLED),
        ("tags", GOOD, Level.SHOULD, Verdict.FAILED),
        ("cut-1", GOOD, Level.MUST, Verdict.PULLED),
        ("cut-3", GOOD, Level.SHOULD, Verdict.FAILED),
        ("cut-3", BAD, Level.SHOULD, Verdict.PULLED),
    ],
)
def test_pulls_must_succeed_and_the_rest_should(
    trial: str, control: Attempt | None, level: Level, verdict: Verdict
) -> None:
    cells = {one: Cell(BY_ID[one], GOOD) for one in BY_ID}
    cells[trial] = Cell(BY_ID[trial], BAD, control)

    assert Results(level, [Row("crane", "1", cells)]).verdict is verdict

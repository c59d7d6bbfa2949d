"""Sessions: what may have been the machine's fault, and how often it has to come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from injector_conformance.cases.case import Case, Completes, Control
from injector_conformance.chapters.recipes import whole
from injector_conformance.judging.cause import Broken, Cause
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox import Run, Stop
from injector_conformance.sessions.judged import CERTAIN, CaseResult, Recurrence
from injector_conformance.sessions.session import CaseStatus, Session
from injector_fixtures import gzip, tar
from injector_fixtures.tree import regular

pytestmark = pytest.mark.needs("namespaces")

Opener = Callable[..., Session]


class Watched:
    """A sandbox that makes some runs look as a busy machine makes them look."""

    def __init__(self, one: Session, change: Callable[[int, Run], Run]) -> None:
        self.runs = 0
        sandbox = one._sandbox
        run = sandbox.run

        def changed(*words: Any, **options: Any) -> Run:
            self.runs += 1
            return change(self.runs, run(*words, **options))

        sandbox.run = changed  # type: ignore[method-assign]


def hung(run: Run) -> Run:
    return replace(run, stopped=Stop.DEADLINE)


def test_a_hang_that_does_not_come_back_does_not_count(
    session: Opener, good: str, ordinary: Case
) -> None:
    one = session(good)
    watched = Watched(one, lambda number, run: hung(run) if number == 1 else run)

    results = one.judge_all([ordinary])

    assert [result.status for result in results] == [CaseStatus.PASSED]
    assert watched.runs == 2


def test_a_hang_that_comes_back_counts_and_is_believed_in_the_end(
    session: Opener, good: str, ordinary: Case
) -> None:
    one = session(good)
    watched = Watched(one, lambda _, run: hung(run))
    seen: list[str] = []
    cases = [replace(ordinary, id=f"test-{number}") for number in range(8)]

    results = one.judge_all(cases, lambda result: seen.append(result.case.id))

    assert {result.outcome for result in results} == {Outcome.HUNG}
    assert watched.runs == len(cases) + CERTAIN
    assert sorted(seen) == [case.id for case in cases]


def test_a_hang_that_is_expected_is_believed_at_once(
    session: Opener, good: str, ordinary: Case
) -> None:
    one = session(good)
    watched = Watched(one, lambda _, run: hung(run))

    results = one.judge_all([ordinary], is_expected=lambda _: True)

    assert (results[0].outcome, watched.runs) == (Outcome.HUNG, 1)


def test_hangs_are_believed_by_what_they_break(ordinary: Case) -> None:
    def hanging(requirement: str) -> CaseResult:
        broken = Broken(requirement, "it ends", "hung", Cause.HANG)
        return CaseResult(ordinary, CaseStatus.FAILED, (broken,), Outcome.HUNG)

    asked: list[CaseResult] = []

    def once_more(first: CaseResult) -> CaseResult:
        asked.append(first)
        return first

    came_back = Recurrence()
    for first in [hanging("PAY-6")] * (CERTAIN + 2) + [hanging("BOX-8")]:
        came_back.settled(first, once_more)

    assert [one.broken[0].requirement for one in asked] == ["PAY-6"] * CERTAIN + ["BOX-8"]


def test_a_control_that_hangs_once_is_run_again(
    session: Opener, good: str, negative: Case
) -> None:
    one = session(good)
    Watched(one, lambda number, run: hung(run) if number == 1 else run)

    assert [result.status for result in one.judge_all([negative])] == [CaseStatus.PASSED]


def test_without_a_peak_nothing_is_said_about_memory(
    session: Opener, good: str, ordinary: Case
) -> None:
    tree = {b"a": regular(b"1")}
    recipe = whole(gzip.tgz(tar.file(b"a", b"1")))
    case = replace(
        ordinary,
        id="test-memory",
        requirements=("RUN-10a",),
        init=recipe,
        expect=(Completes(tree, memory_growth=1 << 30),),
        control=Control(recipe, tree),
    )
    one = session(good)
    assert one.judge(case).status is CaseStatus.PASSED

    Watched(one, lambda _, run: replace(run, peak_memory=None))
    result = one.judge(case)

    assert result.status is CaseStatus.SKIPPED
    assert "memory was not seen" in result.reason

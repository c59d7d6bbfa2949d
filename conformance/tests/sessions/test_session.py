"""Sessions: positive controls, results in order, several at a time, nothing left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.cases.case import Case, Conditions, Fails
from injector_conformance.chapters.recipes import FAILS, control, whole
from injector_conformance.judging.cause import Cause
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.session import CaseStatus, Session, opened
from injector_conformance.subjects.subject import resolve
from injector_fixtures import gzip, tar
from injector_fixtures.layout import File, InitDirectory

pytestmark = pytest.mark.needs("namespaces")

Opener = Callable[..., Session]


def test_a_good_injector_passes(
    session: Opener, good: str, ordinary: Case, negative: Case
) -> None:
    results = session(good).judge_all([ordinary, negative])

    assert [one.status for one in results] == [CaseStatus.PASSED, CaseStatus.PASSED]


def test_a_control_may_have_surroundings_of_its_own(
    session: Opener, good: str, ordinary: Case
) -> None:
    member = tar.file(b"a", b"1")
    case = replace(
        ordinary,
        id="test-read-only",
        requirements=("RUN-8",),
        init=whole(gzip.tgz(member)),
        expect=FAILS,
        conditions=Conditions(output="read-only"),
        control=replace(control({b"a": b"1"}, member), conditions=Conditions()),
    )

    assert session(good).judge(case).status is CaseStatus.PASSED


def test_a_case_may_take_several_deadlines(session: Opener, good: str, ordinary: Case) -> None:
    patient = replace(ordinary, conditions=Conditions(patience=100))
    judges = session(f"sleep 1; {good}", deadline=0.3)

    assert judges.judge(patient).status is CaseStatus.PASSED
    assert judges.judge(ordinary).status is CaseStatus.FAILED


def test_failing_at_everything_passes_nothing(
    session: Opener, ordinary: Case, negative: Case
) -> None:
    results = session("exit 1").judge_all([ordinary, negative])

    assert [one.status for one in results] == [CaseStatus.FAILED, CaseStatus.INCONCLUSIVE]
    assert results[1].broken == ()
    assert results[1].reason == (
        "its positive control test-wrong-crc~control does not complete: rejected (status 1)"
    )


def test_the_control_is_judged_as_what_it_is(session: Opener, negative: Case) -> None:
    one = session("echo x > /stray; exit 1")

    of_control, of_case = one.judge_all([negative.positive(), negative])

    assert [broken.requirement for broken in of_control.broken] == ["TAR-2", "BOX-1"]
    assert [broken.requirement for broken in of_case.broken] == ["BOX-1"]
    assert (of_case.status, of_case.is_conclusive) == (CaseStatus.FAILED, False)


def test_a_control_under_odd_conditions_has_a_control_itself(
    session: Opener, good: str, negative: Case
) -> None:
    plain = control({b"b": b"1"}, tar.file(b"b", b"1"))
    assert negative.control is not None
    odd = replace(negative, control=replace(negative.control, control=plain))
    one = session(good + "[ ! -e /zarf-stage2/b ]")

    result = one.judge(odd)

    assert result.status is CaseStatus.INCONCLUSIVE
    assert "does not complete: rejected (status 1)" in result.reason


def test_who_hangs_in_the_control_is_not_waited_for_again(session: Opener, negative: Case) -> None:
    result = session("sleep 100", deadline=0.3).judge(negative)

    assert (result.status, result.outcome) == (CaseStatus.INCONCLUSIVE, None)
    assert "hung" in result.reason


def test_completing_everything_passes_nothing(
    session: Opener, ordinary: Case, negative: Case
) -> None:
    results = session("exit 0").judge_all([ordinary, negative.positive(), negative])

    assert [one.status for one in results] == [
        CaseStatus.FAILED,
        CaseStatus.FAILED,
        CaseStatus.INCONCLUSIVE,
    ]


def test_who_writes_what_it_may_not_is_told_so_though_it_completes_nothing(
    session: Opener, negative: Case
) -> None:
    unverified = replace(
        negative, requirements=("SUM-2",), argument="0" * 64, expect=(Fails(untouched=True),)
    )

    writes = session("echo early >/zarf-stage2/a; exit 1").judge(unverified)
    rejects = session("exit 1").judge(unverified)

    assert [(one.requirement, one.cause) for one in writes.broken] == [("SUM-2", Cause.WRITTEN)]
    assert rejects.status is CaseStatus.INCONCLUSIVE


def test_a_control_that_breaks_another_promise_still_is_a_control(
    session: Opener, good: str, negative: Case
) -> None:
    result = session(good + "\nchmod 644 /zarf-stage2/a").judge(negative)

    assert result.status is CaseStatus.PASSED


def test_stages_that_copies_have_used_are_as_new(
    session: Opener, good: str, ordinary: Case
) -> None:
    def waiting() -> InitDirectory:
        init = ordinary.init()
        return InitDirectory({**init.entries, b"wait": File(b"")}, init.payload)

    one = session(f"[ -e wait ] && sleep 100\nrm -rf /canary\n{good}", jobs=2, deadline=1.0)
    cases = [replace(ordinary, id=f"test-{number}") for number in range(6)]

    results = one.judge_all([*cases, replace(ordinary, id="test-waiting", init=waiting)])

    assert [broken.requirement for broken in results[-1].broken] == ["RUN-2"]
    assert all("BOX-1" in {broken.requirement for broken in one.broken} for one in results[:-1])


def test_an_abort_as_process_1_is_told_from_a_crash(session: Opener, negative: Case) -> None:
    as_first = replace(negative, conditions=Conditions(as_pid_1=True))
    # The kernel delivers no signal of its own making to process 1: the status is all there is.
    aborts = session("[ $$ -eq 1 ] && exit 139; kill -ABRT $$")
    crashes = session("[ $$ -eq 1 ] && exit 139; kill -SEGV $$")

    assert aborts.judge(as_first.positive()).outcome is Outcome.ABORTED
    assert crashes.judge(as_first.positive()).outcome is Outcome.CRASHED


def test_cases_on_a_disk_lie_on_one(session: Opener, good: str, ordinary: Case) -> None:
    on_disk = replace(ordinary, id="test-disk", conditions=Conditions(filesystem="disk"))
    told = "stat -f -c %T . >&2\n" + good

    usual, disk = session(told).judge_all([ordinary, on_disk])

    assert (usual.status, disk.status) == (CaseStatus.PASSED, CaseStatus.PASSED)
    assert disk.stderr.strip() not in (b"tmpfs", b"")


def test_without_a_disk_its_cases_are_skipped(
    session: Opener, good: str, ordinary: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("injector_conformance.sessions.workplace.lies_on_disk", lambda _: False)
    monkeypatch.setattr("injector_conformance.sessions.slots.lies_on_disk", lambda _: False)
    on_disk = replace(ordinary, conditions=Conditions(filesystem="disk"))

    result = session(good).judge(on_disk)

    assert (result.status, "no file system on a disk" in result.reason) == (
        CaseStatus.SKIPPED,
        True,
    )


def test_a_shared_control_runs_once(session: Opener, negative: Case) -> None:
    assert negative.control is not None
    shared = replace(negative.control, id="test-shared")
    cases = [replace(negative, id=f"test-{number}", control=shared) for number in range(2)]

    one = session("exit 1")
    seconds = {one.judge(case.positive()).seconds for case in cases}

    assert len(seconds) == 1


def test_results_come_in_the_order_of_the_cases(
    session: Opener, good: str, ordinary: Case
) -> None:
    cases = [replace(ordinary, id=f"test-{number}") for number in range(20)]
    seen: list[str] = []

    results = session(good, jobs=4).judge_all(cases, lambda one: seen.append(one.case.id))

    assert [one.case.id for one in results] == [one.id for one in cases]
    assert sorted(seen) == sorted(one.id for one in cases)


def test_damage_outside_does_not_reach_the_next_case(
    session: Opener, good: str, ordinary: Case
) -> None:
    one = session(good + "\nrm -rf /canary; echo x > /stray")
    first = one.judge(ordinary)

    second = one.judge(ordinary)

    assert "BOX-1" in {one_broken.requirement for one_broken in first.broken}
    assert first.broken == second.broken


def test_an_unexpected_harness_failure_is_no_verdict(
    session: Opener, good: str, ordinary: Case
) -> None:
    def broken_recipe() -> InitDirectory:
        raise OSError(28, "No space left on device")

    result = session(good).judge(replace(ordinary, init=broken_recipe))

    assert result.status is CaseStatus.ERROR
    assert "No space left" in result.reason
    assert result.broken == ()


def test_nothing_is_left_behind(
    ordinary: Case, monkeypatch: pytest.MonkeyPatch, work: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(work))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with opened(Namespaces(), resolve(["sh", "-c", "exit 1"])) as one:
        one.judge(ordinary)
        assert list(work.iterdir())

    assert list(work.iterdir()) == []

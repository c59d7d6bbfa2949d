"""The chroot driver: what root is kept from without any namespace."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox import SandboxError, Stop
from injector_conformance.sandbox.chroot import Chroot
from injector_conformance.sessions.trial import new_slot, observe
from injector_conformance.subjects.subject import resolve
from injector_fixtures.layout import subpath

pytestmark = pytest.mark.needs("root")

Runner = Callable[..., Observation]


@pytest.fixture
def run(work: Path, ordinary: Case, probe: Path) -> Runner:
    """Runs the probe with a word that says what to do, under some conditions."""

    def go(word: str, *, deadline: float = 10.0, **conditions: Any) -> Observation:
        sandbox = Chroot()
        sandbox.open(resolve([str(probe)]), work)
        slot = new_slot(sandbox, work / f"stage-{len(list(work.iterdir()))}")
        case = replace(ordinary, conditions=Conditions(**conditions))
        init = subpath([word.encode()])
        return observe(sandbox, slot, case, init, deadline=deadline, watch=False)

    return go


def test_a_run_that_does_nothing_is_observed_as_such(run: Runner) -> None:
    seen = run("n")

    assert seen.outcome is Outcome.COMPLETED
    assert len(seen.run.stdout.split()[0]) == 64
    assert seen.run.stdout.split()[1] == b"/zarf-stage1"
    assert seen.run.stderr == b"told\n"
    assert seen.output_is_untouched
    assert seen.init_changes == seen.outside_changes == ()


def test_status_and_signals_are_told_apart(run: Runner) -> None:
    assert run("s7").run.status == 7
    assert run("a").outcome is Outcome.ABORTED
    assert run("c").outcome is Outcome.CRASHED


def test_its_writes_are_seen(run: Runner) -> None:
    seen = run("w")

    assert {change.name for change in seen.outside_changes} == {b".", b"stray"}
    assert set(seen.tree) == {b"a"}


def test_no_sockets_no_devices_no_signals_to_others(run: Runner) -> None:
    assert run(f"e{os.getpid()}").run.status == 0


def test_what_root_needs_for_its_own_files_is_left(run: Runner) -> None:
    assert run("o").run.status == 0


def test_the_pods_user_stays_who_it_is(run: Runner) -> None:
    assert run("u", user="pod").run.status == 0


def test_a_hang_is_stopped_with_all_its_children(run: Runner) -> None:
    seen = run("h", deadline=0.5)

    assert seen.run.stopped is Stop.DEADLINE
    assert _left_alive() == []


def test_children_that_linger_are_gone(run: Runner) -> None:
    assert run("l").outcome is Outcome.COMPLETED
    assert _left_alive() == []


@pytest.mark.parametrize(
    "conditions",
    [
        Conditions(root="read-only"),
        Conditions(output="full"),
        Conditions(output="read-only"),
        Conditions(init_read_only=True),
        Conditions(as_pid_1=True),
    ],
)
def test_what_it_cannot_provide_it_says(conditions: Conditions) -> None:
    assert Chroot().missing(conditions)


def test_a_subject_that_needs_more_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="single static file"):
        Chroot().open(resolve(["sh"]), tmp_path)


def _left_alive() -> list[str]:
    """Processes, zombies apart, whose root is a stage of these tests."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            root = str((entry / "root").readlink()) if entry.name.isdigit() else ""
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0] if root else ""
        except OSError:
            continue
        if "/injector-conformance-test-" in root and state != "Z":
            found.append(entry.name)
    return found

"""Boxes: sandboxes that serve one run after the other, none of which may tell of another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox import SandboxError, Stop
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.trial import Slot, new_slot, observe
from injector_conformance.subjects.subject import resolve
from injector_fixtures.layout import subpath

pytestmark = pytest.mark.needs("namespaces")

Runner = Callable[..., Observation]


@pytest.fixture
def run(work: Path, ordinary: Case, probe: Path) -> Iterator[Runner]:
    """Runs the probe with a word that says what to do, always on the same stage."""
    sandbox = Namespaces()
    sandbox.open(resolve([str(probe)]), work)
    slot = new_slot(sandbox, work / "stage")

    def go(word: str, *, deadline: float = 10.0, **conditions: Any) -> Observation:
        case = replace(ordinary, conditions=Conditions(**conditions))
        init = subpath([word.encode()])
        return observe(sandbox, slot, case, init, deadline=deadline, watch=False)

    yield go
    sandbox.close()


def test_every_run_begins_anew(run: Runner) -> None:
    numbers = [run("p").run.status for _ in range(3)]

    assert numbers == [2, 2, 2]
    assert run("p", as_pid_1=True).run.status == 1


def test_a_run_is_observed_as_anywhere(run: Runner) -> None:
    seen = run("n")

    assert seen.outcome is Outcome.COMPLETED
    assert len(seen.run.stdout.split()[0]) == 64
    assert seen.run.stdout.split()[1] == b"/zarf-stage1"
    assert seen.run.stderr == b"told\n"
    assert seen.output_is_untouched
    assert seen.init_changes == seen.outside_changes == ()


def test_status_and_signals_are_told_apart(run: Runner) -> None:
    assert run("s7").run.status == 7
    assert run("s127").run.status == 127
    assert run("a").outcome is Outcome.ABORTED
    assert run("c").outcome is Outcome.CRASHED


def test_output_of_one_run_does_not_show_in_the_next(run: Runner) -> None:
    assert len(run("b50").run.stdout) == 65536
    assert run("n").run.stdout.endswith(b"/zarf-stage1\n")
    assert run("s0").run.stdout == b""


def test_nobody_is_left_when_the_next_run_starts(run: Runner) -> None:
    assert run("l").outcome is Outcome.COMPLETED
    assert run("k").run.status == 0


def test_the_first_process_is_out_of_reach(run: Runner) -> None:
    assert run("i").run.status == 0
    assert run("p").run.status == 2


def test_a_subject_inherits_its_streams_alone(run: Runner) -> None:
    assert run("d").run.status == 0


def test_after_a_hang_there_is_a_new_box(run: Runner) -> None:
    seen = run("h", deadline=0.3)

    assert (seen.outcome, seen.run.stopped) == (Outcome.HUNG, Stop.DEADLINE)
    assert run("p").run.status == 2


@pytest.mark.needs("root")
def test_a_subjects_own_file_is_out_of_its_reach(run: Runner) -> None:
    seen = run("m")

    assert seen.run.status == 1
    assert seen.init_changes == ()


def test_a_subject_that_moves_its_directory_away(run: Runner) -> None:
    seen = run("r")

    assert seen.run.status == 0
    assert b"moved" in {change.name for change in seen.outside_changes}
    after = run("n")
    assert after.outcome is Outcome.COMPLETED
    assert after.run.stdout.split()[1] == b"/zarf-stage1"
    assert after.init_changes == after.outside_changes == ()


def test_another_thread_may_go_on(run: Runner) -> None:
    run("n")
    seen: list[Observation] = []
    thread = threading.Thread(target=lambda: seen.append(run("p")))
    thread.start()
    thread.join()

    assert seen[0].run.status == 2
    assert run("p").run.status == 2


def test_a_run_in_a_thread_is_ended_from_another(work: Path, ordinary: Case, probe: Path) -> None:
    """Both threads then end the same box; neither takes away what the other reads."""
    case = replace(ordinary, conditions=Conditions())

    def run(sandbox: Namespaces, slot: Slot) -> str:
        try:
            observe(sandbox, slot, case, subpath([b"h"]), deadline=10.0, watch=False)
        except SandboxError:
            return "ended"
        return "went on"

    for number in range(40):
        sandbox = Namespaces()
        sandbox.open(resolve([str(probe)]), work)
        with ThreadPoolExecutor(1) as pool:
            ending = pool.submit(run, sandbox, new_slot(sandbox, work / f"stage-{number}"))
            time.sleep(number * 0.001)  # before, while and after the subject starts
            sandbox.close()
            assert ending.result(timeout=5) == "ended"


def test_a_program_that_cannot_be_executed_is_the_harness_trouble(
    work: Path, ordinary: Case, probe: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(probe.read_bytes())
    damaged.chmod(0o755)
    sandbox = Namespaces()
    sandbox.open(resolve([str(damaged)]), work)
    slot = new_slot(sandbox, work / "stage")
    damaged.write_bytes(b"\x7fELF and nothing more")

    with pytest.raises(SandboxError, match="did not start the subject: Exec format error"):
        observe(sandbox, slot, ordinary, ordinary.init(), deadline=10.0, watch=False)
    sandbox.close()

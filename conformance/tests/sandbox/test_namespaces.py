"""What the sandbox keeps a subject from, and what it tells of it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox import SandboxError, Stop
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.trial import new_slot, observe
from injector_conformance.subjects.subject import resolve

pytestmark = pytest.mark.needs("namespaces")

Runner = Callable[..., Observation]


@pytest.fixture
def run(work: Path, ordinary: Case, script: Callable[[str], Path]) -> Runner:
    """Runs lines of shell as the subject, under some conditions."""

    def go(body: str, *, deadline: float = 10.0, **conditions: Any) -> Observation:
        sandbox = Namespaces()
        sandbox.open(resolve([str(script(body))]), work)
        slot = new_slot(sandbox, work / f"stage-{len(list(work.iterdir()))}")
        case = replace(ordinary, conditions=Conditions(**conditions))
        with closing(sandbox):
            return observe(sandbox, slot, case, case.init(), deadline=deadline, watch=False)

    return go


class TestSurroundings:
    def test_it_starts_in_the_init_directory_with_the_digest(self, run: Runner) -> None:
        seen = run("pwd; ls; [ ${#1} -eq 64 ] && echo digest")

        assert seen.run.stdout.split() == [
            b"/zarf-stage1",
            b"zarf-injector",
            b"zarf-payload-000",
            b"digest",
        ]

    def test_nothing_of_the_host_shows_but_what_the_shell_needs(self, run: Runner) -> None:
        shown = set(run("ls /").run.stdout.split())

        assert {b"zarf-stage1", b"zarf-stage2", b"canary"} <= shown
        assert not shown & {b"home", b"var", b"boot", b"srv"}

    def test_the_environment_is_a_containers_or_none(self, run: Runner) -> None:
        assert b"PATH=/usr/local/sbin" in run("/usr/bin/env").run.stdout
        assert b"PATH" not in run("/usr/bin/env", environment="none").run.stdout

    def test_process_1(self, run: Runner) -> None:
        assert run("echo $$", as_pid_1=True).run.stdout == b"1\n"
        assert run("echo $$").run.stdout != b"1\n"

    def test_umask(self, run: Runner) -> None:
        assert run("umask", umask=0o077).run.stdout == b"0077\n"

    def test_without_proc_and_dev(self, run: Runner) -> None:
        assert b"null" in run("ls /dev").run.stdout
        assert run("ls /dev /proc", bare=True).run.stdout == b"/dev:\n\n/proc:\n"

    def test_the_pods_user_has_no_capability(self, run: Runner) -> None:
        seen = run("id -u; id -g; grep -e CapEff -e NoNewPrivs /proc/self/status", user="pod")

        assert seen.run.stdout.split() == [
            *(b"1000", b"2000"),
            *(b"CapEff:", b"0000000000000000", b"NoNewPrivs:", b"1"),
        ]

    def test_core_files_are_off_and_memory_is_limited(self, run: Runner) -> None:
        seen = run("ulimit -c; ulimit -d", memory_limit=64 << 20)

        assert seen.run.stdout.split() == [b"0", b"65536"]


class TestStreams:
    def test_closed(self, run: Runner) -> None:
        seen = run("echo x >&1 || exit 7", stdout="closed")
        assert seen.run.status == 7

    def test_broken(self, run: Runner) -> None:
        seen = run("echo x", stdout="broken")
        assert seen.outcome is not Outcome.COMPLETED

    def test_full(self, run: Runner) -> None:
        seen = run("echo x || exit 7", stdout="full")
        assert seen.run.status == 7

    def test_a_closed_standard_input(self, run: Runner) -> None:
        assert run("read line || exit 7", stdin="closed").run.status == 7

    def test_an_open_standard_input_hangs_who_reads_it(self, run: Runner) -> None:
        assert run("read line", stdin="open", deadline=0.3).outcome is Outcome.HUNG

    def test_endless_output_is_bounded(self, run: Runner) -> None:
        seen = run("yes", deadline=0.5)

        assert seen.outcome is Outcome.HUNG
        assert 0 < len(seen.run.stdout) <= 65536


class TestPlaces:
    def test_a_read_only_root_still_has_its_output(self, run: Runner) -> None:
        seen = run("touch /canary/x && exit 9; touch /zarf-stage2/x", root="read-only")

        assert seen.run.status == 0
        assert seen.outside_changes == ()
        assert b"x" in seen.tree

    def test_a_read_only_init_directory(self, run: Runner) -> None:
        assert run("touch x || exit 7", init_read_only=True).run.status == 7

    def test_a_read_only_output(self, run: Runner) -> None:
        assert run("touch /zarf-stage2/x || exit 7", output="read-only").run.status == 7

    def test_a_full_output(self, run: Runner) -> None:
        big = "head -c 1000000 /dev/zero > /zarf-stage2/x || exit 7"
        assert run(big, output="full").run.status == 7

    def test_a_file_size_limit_is_an_error_and_no_signal(self, run: Runner) -> None:
        big = "head -c 1000000 /dev/zero > /zarf-stage2/x || exit 7"
        seen = run(big, file_size_limit=65536)

        assert seen.run.status == 7
        assert 0 < getattr(seen.tree[b"x"], "size", 0) <= 65536


class TestObservation:
    def test_a_change_outside(self, run: Runner) -> None:
        seen = run("echo x >> /canary/file; rm /canary/link; mkdir /new")

        assert {change.name for change in seen.outside_changes} == {
            *(b".", b"canary", b"canary/file", b"canary/link", b"new"),
        }

    def test_a_hard_link_to_the_outside(self, run: Runner) -> None:
        seen = run("ln /canary/file /zarf-stage2/stolen")

        assert seen.shared == (b"stolen",)

    def test_a_change_in_the_init_directory(self, run: Runner) -> None:
        assert run("rm zarf-payload-000").init_changes
        assert run("cat zarf-payload-000").init_changes == ()

    def test_a_byte_that_takes_the_place_of_another(self, run: Runner) -> None:
        seen = run("printf x | dd of=zarf-payload-000 bs=1 conv=notrunc")

        assert [change.name for change in seen.init_changes] == [b"zarf-payload-000"]

    def test_a_file_made_and_removed_shows_in_the_output_directory(self, run: Runner) -> None:
        assert not run("touch /zarf-stage2/x; rm /zarf-stage2/x").output_is_untouched
        assert run(":").output_is_untouched

    @pytest.mark.parametrize(
        ("name", "outcome"),
        [("ABRT", Outcome.ABORTED), ("TRAP", Outcome.ABORTED), ("SEGV", Outcome.CRASHED)],
    )
    def test_death_by_signal(self, run: Runner, name: str, outcome: Outcome) -> None:
        assert run(f"kill -{name} $$").outcome is outcome


def test_a_sandbox_that_cannot_be_made_is_no_verdict(
    work: Path, ordinary: Case, script: Callable[[str], Path]
) -> None:
    sandbox = Namespaces()
    sandbox.open(resolve([str(script(":"))]), work)
    slot = new_slot(sandbox, work / "stage")
    slot.stage.prepare(ordinary, ordinary.init())
    slot.stage.output.rmdir()

    with closing(sandbox), pytest.raises(SandboxError, match="did not start the subject"):
        sandbox.run(slot.stage, (), Conditions(root="read-only"), 5.0)


class TestHost:
    def test_a_subject_that_hangs_is_stopped(self, run: Runner) -> None:
        seen = run("trap '' TERM INT; while :; do :; done", deadline=0.5)

        assert seen.run.stopped is Stop.DEADLINE
        assert seen.outcome is Outcome.HUNG

    def test_children_that_linger_are_gone(self, run: Runner) -> None:
        marker = f"{os.getpid()}.125"
        seen = run(f"setsid sleep {marker} </dev/null >/dev/null 2>&1 & sleep 0.1")

        assert seen.outcome is Outcome.COMPLETED
        assert not _is_running(marker)

    def test_the_network_is_not_there(self, run: Runner) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            reached: list[object] = []
            server.settimeout(0.5)

            def accept() -> None:
                try:
                    reached.append(server.accept())
                except TimeoutError:
                    return

            waiting = threading.Thread(target=accept)
            waiting.start()
            probe = f"exec 3<>/dev/tcp/127.0.0.1/{port}"
            seen = run(f"/bin/bash -c '{probe}'")
            waiting.join()

        assert seen.outcome is not Outcome.COMPLETED
        assert reached == []

    def test_processes_of_the_host_cannot_be_reached(self, run: Runner) -> None:
        seen = run(f"kill -0 {os.getpid()}")

        assert seen.outcome is not Outcome.COMPLETED
        os.kill(os.getpid(), 0)

    def test_device_nodes_cannot_be_made(self, run: Runner) -> None:
        device = run("mknod /zarf-stage2/disk b 1 0")
        assert device.outcome is not Outcome.COMPLETED
        assert device.tree == {}


def _is_running(marker: str) -> bool:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if marker.encode() in (entry / "cmdline").read_bytes():
                    return True
            except OSError:
                continue
    return False

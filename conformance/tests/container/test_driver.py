"""What a container gives to a subject, what it keeps it from, and what the driver tells of it."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.api.exec_api import ExecApiMixin

from injector_conformance.cases.case import MEBIBYTE
from injector_conformance.host.leftovers import LABEL, owner
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox import SandboxError, Stop
from injector_conformance.sandbox.container.driver import Container
from injector_conformance.sandbox.container.fitness import MACHINES
from injector_conformance.subjects.subject import resolve

pytestmark = pytest.mark.needs("container", "root")

Runner = Callable[..., Observation]
BIG = "head -c 100000 /dev/zero >/zarf-stage2/big || exit 7"


class TestSurroundings:
    def test_it_starts_in_the_init_directory(self, run: Runner) -> None:
        seen = run("pwd; ls; [ ${#1} -eq 64 ] && echo digest")

        assert seen.run.stdout.split() == [
            b"/zarf-stage1",
            b"zarf-injector",
            b"zarf-payload-000",
            b"digest",
        ]
        assert seen.outcome is Outcome.COMPLETED

    def test_the_environment_is_a_containers_or_none(self, run: Runner) -> None:
        assert b"PATH=/usr/local/sbin" in run("/usr/bin/env").run.stdout
        assert b"PATH" not in run("/usr/bin/env", environment="none").run.stdout

    def test_process_1(self, run: Runner) -> None:
        seen = run("echo $$; echo oh >&2; exit 3", as_pid_1=True)

        assert (seen.run.status, seen.run.stdout, seen.run.stderr) == (3, b"1\n", b"oh\n")
        assert run("echo $$").run.stdout != b"1\n"

    def test_umask(self, run: Runner) -> None:
        assert run("umask", umask=0o077).run.stdout == b"0077\n"

    def test_without_proc_and_dev(self, run: Runner) -> None:
        assert b"null" in run("ls /dev").run.stdout
        assert run("ls /; ls /dev /proc", bare=True).run.stdout.split()[-2:] == [
            b"zarf-stage1",
            b"zarf-stage2",
        ]

    def test_the_pods_user_has_no_capability(self, run: Runner) -> None:
        seen = run("id -u; id -g; grep -e CapBnd -e NoNewPrivs /proc/self/status", user="pod")

        assert seen.run.stdout.split() == [
            *(b"1000", b"2000", b"CapBnd:", b"0000000000000000", b"NoNewPrivs:", b"1")
        ]

    def test_the_pods_user_has_none_in_a_bare_root_either(self, run: Runner) -> None:
        seen = run(
            "id -u; id -G; [ -e /proc/self ] || chroot / true || echo no", user="pod", bare=True
        )

        assert seen.run.stdout.split() == [b"1000", b"2000", b"no"]

    def test_there_is_no_network(self, run: Runner) -> None:
        assert run("tail -n +3 /proc/net/dev | cut -d: -f1").run.stdout.split() == [b"lo"]

    def test_the_image_shows_where_it_holds_something(self, run: Runner) -> None:
        assert run("cat /etc/alpine-release", image="alpine").run.stdout.startswith(b"3.")
        assert run("cat /etc/alpine-release").outcome is Outcome.REJECTED


class TestStreams:
    def test_both_outputs_are_told_apart(self, run: Runner) -> None:
        seen = run("echo out; echo err >&2")

        assert (seen.run.stdout, seen.run.stderr) == (b"out\n", b"err\n")

    @pytest.mark.parametrize("kind", ["closed", "full"])
    def test_an_output_that_takes_nothing(self, run: Runner, kind: str) -> None:
        assert run("echo x || exit 7", stdout=kind).run.status == 7

    def test_a_broken_output(self, run: Runner) -> None:
        assert run("echo x", stdout="broken").outcome is Outcome.CRASHED

    def test_a_closed_standard_input(self, run: Runner) -> None:
        assert run("read line || exit 7", stdin="closed").run.status == 7

    def test_an_open_standard_input_hangs_who_reads_it(self, run: Runner) -> None:
        assert run("read line", stdin="open", deadline=1.0).outcome is Outcome.HUNG

    def test_endless_output_is_bounded(self, run: Runner) -> None:
        seen = run("yes", deadline=3.0)

        assert seen.run.stopped is Stop.DEADLINE
        assert len(seen.run.stdout) == 65536


class TestFileSystem:
    def test_a_read_only_root_still_has_its_output(self, run: Runner) -> None:
        seen = run("touch /x && exit 9; touch /zarf-stage2/x", root="read-only")

        assert seen.outcome is Outcome.COMPLETED
        assert b"x" in seen.tree

    def test_a_read_only_init_directory(self, run: Runner) -> None:
        assert run("touch x || exit 7", init_read_only=True).run.status == 7

    def test_a_read_only_output(self, run: Runner) -> None:
        assert run("touch /zarf-stage2/x || exit 7", output="read-only").run.status == 7

    def test_a_full_output(self, run: Runner) -> None:
        assert run(BIG, output="full", times=2).run.status == 7

    def test_a_file_size_limit_is_an_error_and_no_signal(self, run: Runner) -> None:
        assert run(BIG, file_size_limit=65536).run.status == 7

    def test_a_change_of_the_canaries(self, run: Runner) -> None:
        seen = run("echo x >>/canary/file; rm /canary/link")

        assert [one.name for one in seen.outside_changes] == [
            b"canary",
            b"canary/file",
            b"canary/link",
        ]

    def test_a_change_of_the_containers_own_files(self, run: Runner) -> None:
        seen = run("rm /etc/motd; echo x >/new", image="alpine")

        names = {one.name for one in seen.outside_changes}
        assert {b"new", b"etc/motd"} <= names

    @pytest.mark.parametrize(
        "body", ["[ -e /new ] && exit 9; :>/new", "cat /canary/file; rm -r /canary/*"]
    )
    def test_the_next_run_finds_nothing_of_it(self, run: Runner, body: str) -> None:
        seen = run(body, times=2)

        assert seen.outcome is Outcome.COMPLETED
        assert seen.outside_changes

    def test_a_change_in_the_init_directory(self, run: Runner) -> None:
        assert run("rm zarf-payload-000").init_changes
        assert run("cat zarf-payload-000", times=2).init_changes == ()


class TestEnding:
    @pytest.mark.parametrize(
        ("name", "outcome"),
        [("ABRT", Outcome.ABORTED), ("SEGV", Outcome.CRASHED), ("KILL", Outcome.CRASHED)],
    )
    def test_death_by_signal(self, run: Runner, name: str, outcome: Outcome) -> None:
        assert run(f"kill -{name} $$").outcome is outcome

    @pytest.mark.parametrize("as_pid_1", [False, True])
    def test_a_subject_that_hangs_is_stopped(self, run: Runner, as_pid_1: bool) -> None:
        seen = run("trap '' TERM INT; while :; do :; done", deadline=1.0, as_pid_1=as_pid_1)

        assert seen.run.stopped is Stop.DEADLINE

    def test_a_slow_daemons_time_is_not_the_subjects(
        self, run: Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        starts = ExecApiMixin.exec_start

        def late(*args: Any, **named: Any) -> Any:
            stream = starts(*args, **named)
            time.sleep(1.5)
            return stream

        monkeypatch.setattr(ExecApiMixin, "exec_start", late)

        assert run(":", deadline=1.0).outcome is Outcome.COMPLETED

    def test_what_follows_the_subject_may_hang_and_is_no_fault_of_its_run(
        self, run: Runner
    ) -> None:
        seen = run(":", times=2, deadline=2.0, then=("/bin/sh", "-c", "while :; do :; done"))

        assert seen.outcome is Outcome.COMPLETED
        assert seen.run.after is not None
        assert seen.run.after.stopped is Stop.DEADLINE

    def test_children_that_linger_are_gone(self, run: Runner) -> None:
        body = "(setsid sleep 1000 &); setsid sleep 1000 & set -- /proc/[0-9]*; echo $#"

        seen = run(body, times=3)

        first_process_launcher_shell_and_two_sleeps = 5
        assert int(seen.run.stdout) <= first_process_launcher_shell_and_two_sleeps

    def test_peak_memory_is_the_subjects(self, run: Runner) -> None:
        small = run(":").run.peak_memory
        large = run("head -c 40000000 /dev/zero | tail -c 40000000 >/dev/null").run.peak_memory

        assert small is not None
        assert large is not None
        assert small < 8 * MEBIBYTE < 38 * MEBIBYTE < large < 64 * MEBIBYTE

    def test_more_memory_than_the_limit_kills_nobody_else(self, run: Runner) -> None:
        body = "head -c 90000000 /dev/zero | tail -c 90000000 >/dev/null || exit 7"

        assert run(body, memory_limit=32 * MEBIBYTE, times=2).run.status == 7

    def test_nothing_is_left_after_closing(
        self, work: Path, script: Callable[[str], Path], daemon: docker.DockerClient, run: Runner
    ) -> None:
        run(":")
        driver = Container("empty")
        driver.open(resolve([str(script(":"))]), work)
        driver.close()

        mine = daemon.containers.list(
            all=True, filters={"label": f"{LABEL}={owner()}"}, ignore_removed=True
        )
        assert len(mine) == 1, "only the one of the driver that the fixture has open"


class TestRefusals:
    def other(self) -> str:
        return next(one for one, machine in MACHINES.items() if machine != platform.machine())

    def refusal(self, driver: Container, work: Path, script: Callable[[str], Path]) -> str:
        with pytest.raises(SandboxError) as caught:
            driver.open(resolve([str(script(":"))]), work)
        driver.close()
        return str(caught.value)

    def test_a_subject_for_another_machine(
        self, work: Path, script: Callable[[str], Path]
    ) -> None:
        said = self.refusal(Container("empty", self.other()), work, script)

        assert f"is built for {platform.machine()}, not for platform {self.other()}" in said

    def test_an_unknown_platform(self, work: Path, script: Callable[[str], Path]) -> None:
        said = self.refusal(Container("empty", "linux/vax"), work, script)

        assert said == "no platform linux/vax; there are linux/amd64, linux/arm64"

    def test_an_image_that_is_not_to_be_had(
        self, work: Path, script: Callable[[str], Path]
    ) -> None:
        said = self.refusal(Container("localhost:1/no/such:image"), work, script)

        assert "image localhost:1/no/such:image for linux/" in said
        assert "is not to be had" in said

"""Nothing that a subject does reaches the host, outlives its run, or changes the next verdict."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.sandbox import Stop

from .conftest import DEADLINE, Judge, Judged, look

pytestmark = pytest.mark.needs("namespaces")

WITHIN = DEADLINE + 1.0
"""Seconds after which a run is over, whatever it does. Some more for a busy machine."""

SLACK = 2.0
MOST_MEMORY = 64 << 20


def is_honest(judged: Judged, place: int = -1) -> bool:
    """Whether the honest run at that place was seen as it is."""
    seen = judged.runs[place]
    return (seen.status, seen.stopped, seen.stdout, seen.outside, seen.names, seen.error) == (
        *(0, None, b"honest\n", (), ()),
        "",
    )


def test_an_honest_subject_is_seen_as_it_is(judge: Judge) -> None:
    judged = judge("nothing", "nothing")

    assert is_honest(judged, 0)
    assert is_honest(judged, 1)


@pytest.mark.parametrize("as_pid_1", [False, True])
@pytest.mark.parametrize("word", ["hang", "multiply", "stop", "forge"])
def test_the_deadline_is_kept(judge: Judge, word: str, as_pid_1: bool) -> None:
    judged = judge(word, "nothing", as_pid_1=as_pid_1)

    seen = judged.runs[0]
    if as_pid_1 and word == "stop":
        assert seen.stopped in (None, Stop.DEADLINE)
    else:
        assert seen.stopped is Stop.DEADLINE
    assert seen.error == ""
    assert seen.seconds < WITHIN + SLACK
    assert is_honest(judged)
    assert judged.memory < MOST_MEMORY


@pytest.mark.parametrize("as_pid_1", [False, True])
@pytest.mark.parametrize("word", ["be-traced", "attack-first", "reach"])
def test_nobody_else_can_be_touched(judge: Judge, word: str, as_pid_1: bool) -> None:
    judged = judge(word, "nothing", as_pid_1=as_pid_1)

    seen = judged.runs[0]
    assert seen.error == ""
    assert seen.status in (0, -10, -9) or seen.stopped is Stop.DEADLINE
    assert is_honest(judged)


@pytest.mark.parametrize("as_pid_1", [False, True])
def test_what_is_left_alive_is_ended(judge: Judge, as_pid_1: bool) -> None:
    judged = judge("leave-children", "exchange", "exchange", "nothing", as_pid_1=as_pid_1)

    assert [(one.status, one.error) for one in judged.runs] == [(0, "")] * 4
    assert is_honest(judged)


@pytest.mark.parametrize("user_inside", ["root", "pod"])
@pytest.mark.parametrize("word", ["calls", "foreign-calls", "device"])
def test_ways_into_the_kernel_are_refused(judge: Judge, word: str, user_inside: str) -> None:
    judged = judge(word, "nothing", user=user_inside)

    assert (judged.runs[0].status, judged.runs[0].error) == (0, "")
    assert judged.runs[0].names == ()
    assert is_honest(judged)


@pytest.mark.parametrize("user_inside", ["root", "pod"])
def test_a_run_leaves_no_state(judge: Judge, user_inside: str) -> None:
    judged = judge("look", "leave", "look", "nothing", user=user_inside)

    before, left, after, honest = judged.runs
    assert (before.status, before.error) == (0, "")
    assert left.status & 2 == 0, "nothing was left, so nothing was shown"
    assert (after.status, after.error, after.outside) == (0, "", ())
    assert honest.error == ""
    assert is_honest(judged)


def test_a_closed_root_is_opened_again(judge: Judge) -> None:
    judged = judge("close-root", "nothing")

    assert judged.runs[0].status == 0
    assert judged.runs[0].outside != ()
    assert is_honest(judged)


def test_packets_are_read_as_one_output(judge: Judge) -> None:
    judged = judge("packets", "nothing")

    assert judged.runs[0].stdout == b"packet\n" * 300
    assert is_honest(judged)


def test_programs_of_root_are_nobodys(judge: Judge, marker: str) -> None:
    """While the subject hangs beside a set-user-ID program, the host sees none."""
    seen: list[object] = []
    before = look(marker)["set-user-ID files"]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.05):
            seen.append(look(marker)["set-user-ID files"])

    watcher = threading.Thread(target=watch)
    watcher.start()
    judged = judge("set-user-id", "nothing")
    stop.set()
    watcher.join()

    assert judged.runs[0].stopped is Stop.DEADLINE
    assert seen
    assert all(found == before for found in seen)
    assert is_honest(judged)


@pytest.mark.parametrize("user_inside", ["root", "pod"])
def test_settings_of_the_kernel_cannot_be_changed(
    judge: Judge, script: Callable[[str], Path], public: Path, user_inside: str
) -> None:
    """An interpreted subject has a /proc, by which root has programs run on the host."""
    body = """
    for name in kernel/core_pattern kernel/hostname kernel/modprobe net/ipv4/ip_forward \
        vm/overcommit_memory net/ipv4/ping_group_range; do
      (echo '|/bin/touch /tmp/escaped' > /proc/sys/$name) 2>/dev/null && exit 9
    done
    (echo b > /proc/sysrq-trigger) 2>/dev/null && exit 8
    (echo 1000 > /proc/1/oom_score_adj) 2>/dev/null
    kill -SEGV $$
    """
    path = script(body)
    shown = public / path.name
    shown.write_bytes(path.read_bytes())
    shown.chmod(0o755)
    judged = judge("nothing", program=shown, user=user_inside)

    assert (judged.runs[0].status, judged.runs[0].error) == (-11, "")
    assert not os.path.exists("/tmp/escaped")  # noqa: S108 - what must not be there

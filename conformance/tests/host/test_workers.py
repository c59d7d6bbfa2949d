"""Work that copies of this process do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

PRELUDE = """
import os, signal, time
from injector_conformance.host import interruption
from injector_conformance.host.workers import Work, WorkerError, may_fork, spread
def nothing(*_): pass
"""


def python(body: str) -> subprocess.CompletedProcess[str]:
    """Run some lines in a process without threads, as the command line is one."""
    script = PRELUDE + textwrap.dedent(body)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )


def test_every_task_is_done_once_by_somebody_else() -> None:
    done = python("""
        work = Work(nothing, lambda task: (task * task, os.getpid()), nothing)
        results = list(spread(100, 3, work))
        assert sorted(task for task, _ in results) == list(range(100))
        assert all(result[0] == task * task for task, result in results)
        assert os.getpid() not in {result[1] for _, result in results}
        print("done")
    """)

    assert (done.stdout, done.stderr) == ("done\n", "")


def test_a_copy_knows_its_number_and_says_good_bye(tmp_path: Path) -> None:
    done = python(f"""
        mine = []
        def leave(): open({str(tmp_path)!r} + "/left-%d" % mine[0], "w").close()
        seen = {{one for _, one in spread(50, 2, Work(mine.append, lambda _: mine[0], leave))}}
        assert seen <= {{0, 1}}
    """)

    assert done.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} == {"left-0", "left-1"}


def test_a_copy_that_is_killed_is_missed() -> None:
    done = python("""
        def work(task):
            if task == 5: os.kill(os.getpid(), signal.SIGKILL)
            return task
        try:
            list(spread(10, 2, Work(nothing, work, nothing)))
        except WorkerError as error:
            print(error)
    """)

    assert done.stdout == "1 of 10 tasks were not done\n"


def test_who_stops_early_ends_the_copies(tmp_path: Path) -> None:
    done = python(f"""
        def leave(): open({str(tmp_path)!r} + "/%d" % os.getpid(), "w").close()
        def work(task):
            while task > 3:
                time.sleep(0.01)
                interruption.check()
            return task
        for _ in spread(100, 2, Work(nothing, work, leave)):
            break
        else:
            raise SystemExit("nothing came")
    """)

    assert (done.returncode, done.stderr) == (0, "")
    left = [int(path.name) for path in tmp_path.iterdir()]
    assert len(left) <= 2
    for process in left:
        with pytest.raises(ProcessLookupError):
            os.kill(process, signal.SIG_DFL)


def test_copies_end_when_their_parent_was_killed(tmp_path: Path) -> None:
    done = python(f"""
        def leave(): open({str(tmp_path)!r} + "/%d" % os.getpid(), "w").close()
        def do(task):
            time.sleep(0.01)
            return bytes(100_000)
        for task, _ in spread(10_000, 3, Work(nothing, do, leave)):
            if task > 20: os.kill(os.getpid(), signal.SIGKILL)
    """)

    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_nobody_is_copied_in_the_middle_of_another_threads_work() -> None:
    done = python("""
        import threading
        print(may_fork())
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        print(may_fork())
    """)

    assert done.stdout == "True\nFalse\n"

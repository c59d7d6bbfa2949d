"""Peak memory of commands that take a known amount of it."""

from __future__ import annotations

import shlex
import sys

import pytest

from injector_conformance.bench.memory import measure_peak
from injector_conformance.bench.stopwatch import RunError

MEBIBYTE = 1024 * 1024
ALLOWANCE = 24 * MEBIBYTE
"""What Python takes by itself."""


def sandboxed(script: str) -> list[str]:
    """A shell in the place of the sandbox program, whose own memory does not count."""
    return ["/bin/sh", "-c", f"{script}\nexit $?"]


def taking(mebibytes: int, then: str = "") -> str:
    """A shell command that writes to so many mebibytes."""
    code = f"held = b'x' * ({mebibytes} << 20)\n{then}"
    return f'{sys.executable} -I -S -c "{code}"'


def test_the_peak_is_what_was_taken() -> None:
    few, many = (measure_peak(sandboxed(taking(size)), 60) for size in (1, 101))

    assert {few.method, many.method} == {"exact"}
    assert abs(many.size - few.size - 100 * MEBIBYTE) < MEBIBYTE


def test_a_peak_is_seen_however_short_it_was() -> None:
    peak = measure_peak(sandboxed(taking(64, "del held")), 60)

    assert 64 * MEBIBYTE < peak.size < 64 * MEBIBYTE + ALLOWANCE


def test_what_a_parent_held_before_does_not_count() -> None:
    script = taking(128, "import os\nos.execv('/bin/true', ['true'])")

    assert measure_peak(sandboxed(script), 60).size < 16 * MEBIBYTE


def test_programs_that_live_at_once_are_added() -> None:
    parent = taking(32, "import os\nos.system(os.environ['CHILD'])")
    alone = measure_peak(sandboxed(taking(64)), 60)

    together = measure_peak(sandboxed(f"CHILD={shlex.quote(taking(64))} {parent}"), 60)

    assert together.size > alone.size + 32 * MEBIBYTE


def test_programs_after_each_other_are_not() -> None:
    script = f"{taking(64)}\n{taking(64)}"

    assert measure_peak(sandboxed(script), 60).size < 64 * MEBIBYTE + ALLOWANCE


def test_threads_are_one_process() -> None:
    code = (
        "import threading\none = threading.Thread(target=sum, args=([],))\none.start()\none.join()"
    )

    assert measure_peak(sandboxed(taking(64, code)), 60).size < 64 * MEBIBYTE + ALLOWANCE


def test_a_failure_is_told_with_its_last_words() -> None:
    with pytest.raises(RunError, match="status 3: no such thing"):
        measure_peak(sandboxed("/bin/sh -c 'echo no such thing >&2; exit 3'"), 60)


def test_death_by_a_signal_is_a_failure() -> None:
    with pytest.raises(RunError, match="status -9"):
        measure_peak(["/bin/sh", "-c", "kill -9 $$"], 60)


def test_it_must_end_in_time() -> None:
    with pytest.raises(RunError, match="did not end within"):
        measure_peak(sandboxed("sleep 1000"), 0.2)

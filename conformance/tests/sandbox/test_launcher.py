"""The launcher, run on this machine as it is; and that its programs are those of its source."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

import pytest

from injector_conformance.cases.case import Conditions
from injector_conformance.sandbox import SandboxError, launcher
from injector_conformance.sandbox.container import launch
from injector_conformance.sandbox.launcher import build

PROGRAM = launcher.program(platform.machine())


def launched(*argv: str, **conditions: object) -> tuple[bytes, bytes, launch.Ending]:
    """Standard output, standard error and ending of a command under conditions."""
    words = launch.words(argv, Conditions(**conditions), is_first_process=False)  # type: ignore[arg-type]  # fields by name
    done = subprocess.run([PROGRAM, *words[1:]], input=b"\n", capture_output=True, check=False)
    stderr, ending = launch.ending(done.stderr)
    assert ending is not None
    return done.stdout, stderr, ending


@pytest.mark.parametrize("machine", launcher.MACHINES)
def test_the_programs_are_built_from_the_source(machine: str, tmp_path: Path) -> None:
    build.build(machine, tmp_path / "launcher")

    assert (tmp_path / "launcher").read_bytes() == launcher.program(machine).read_bytes()


@pytest.mark.parametrize("status", [0, 1, 127, 134, 255])
def test_a_status_is_told_exactly(status: int) -> None:
    assert launched("/bin/sh", "-c", f"exit {status}")[2].status == status


def test_a_signal_is_told_from_a_status() -> None:
    assert launched("/bin/sh", "-c", "kill -ABRT $$")[2].status == -6


def test_output_passes_through() -> None:
    stdout, stderr, ending = launched("/bin/sh", "-c", "echo out; echo err >&2")

    assert (stdout, stderr, ending.status) == (b"out\n", b"err\n", 0)
    assert 0 < ending.seconds < 60
    assert ending.peak_memory is not None
    assert 0 < ending.peak_memory < 64 << 20


def test_a_subject_cannot_forge_the_ending() -> None:
    forged = r"printf '\0status=0 peak=1 nanoseconds=1\n' >&2; exit 9"

    assert launched("/bin/sh", "-c", forged)[2].status == 9


def test_a_program_that_is_not_there_is_named_as_such() -> None:
    with pytest.raises(SandboxError, match="cannot start the subject: No such file"):
        launched("/no/such/program")


def test_limits() -> None:
    body = "ulimit -f; ulimit -d; ulimit -c; umask"
    stdout, _, _ = launched(
        "/bin/sh", "-c", body, file_size_limit=4096, memory_limit=1 << 20, umask=0o027
    )

    assert stdout.split() == [b"8", b"1024", b"0", b"0027"]


def test_a_write_over_the_limit_fails_without_a_signal(tmp_path: Path) -> None:
    body = f"head -c 9000 /dev/zero >{tmp_path}/file || exit 7"

    assert launched("/bin/sh", "-c", body, file_size_limit=4096)[2].status == 7
    assert (tmp_path / "file").stat().st_size == 4096


def test_no_environment() -> None:
    assert launched("/usr/bin/env", environment="none")[0] == b""
    assert set(launched("/usr/bin/env")[0].split(b"\n")) >= {
        os.fsencode(f"{name}={value}") for name, value in os.environ.items() if "\n" not in value
    }


def test_it_starts_nothing_before_the_harness_listens(tmp_path: Path) -> None:
    words = launch.words(
        ("/bin/sh", "-c", f":>{tmp_path}/started"), Conditions(), is_first_process=False
    )

    done = subprocess.run(
        [PROGRAM, *words[1:]], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )

    assert done.returncode != 0
    assert not list(tmp_path.iterdir())


def test_standard_input_is_empty() -> None:
    assert launched("/bin/cat")[2].status == 0


def test_without_arguments_it_holds_on_until_standard_input_ends() -> None:
    with subprocess.Popen([PROGRAM], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.stdin.close()

        assert process.wait(20) == 0

"""The witness says which bytes it was started from, and is built from its source."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from pathlib import Path

import pytest

from injector_conformance.cluster import witness
from injector_conformance.sandbox.launcher import build

HERE = {machine: name for name, machine in witness.MACHINES.items()}[platform.machine()]
PROGRAM = witness.program(HERE)


@pytest.mark.parametrize(("architecture", "machine"), witness.MACHINES.items())
def test_the_programs_are_built_from_the_source(
    architecture: str, machine: str, tmp_path: Path
) -> None:
    build.build(machine, tmp_path / "witness", witness.SOURCE)

    assert (tmp_path / "witness").read_bytes() == witness.program(architecture).read_bytes()


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65_536, 200_000])
def test_it_says_what_it_is_and_what_its_arguments_are(size: int, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(size))

    done = subprocess.run([PROGRAM, file, "no/path"], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}" for path in (PROGRAM, file)
    ]


def test_a_file_that_is_not_there_is_told_by_its_status(tmp_path: Path) -> None:
    done = subprocess.run([PROGRAM, tmp_path / "no"], capture_output=True, check=False)

    assert done.returncode == 1


def test_it_waits_when_it_is_told_to() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([PROGRAM, witness.PAUSE], check=False, timeout=0.3)

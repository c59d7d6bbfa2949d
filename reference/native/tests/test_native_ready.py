"""How soon the injector that serves is ready, beside the one that only extracts."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from native.tests.native_programs import emulator, sandboxed
from tests import served_samples as samples
from tests.unified_process import serving

ROUNDS = 5
MOST = 1.1
"""As many times the processor time of extraction. Time on the clock says more of who else runs."""


def extracting(program: Path, root: Path) -> float:
    """Seconds of processor time that it takes to verify and extract the large payload."""
    for name in ("zarf-stage1", "zarf-stage2"):
        (root / name).mkdir(parents=True)
    samples.LARGE.init_directory().write(root / "zarf-stage1")
    words = [samples.LARGE.init_directory().sha256]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*sandboxed(root, program, os.uname().machine), *words],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def becoming_ready(directory: Path) -> float:
    """Seconds of processor time that it takes to verify, extract and begin to serve the same."""
    directory.mkdir()
    with serving(samples.LARGE.init_directory(), directory) as process:
        stat = Path(f"/proc/{process.popen.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.usefixtures("native")
def test_ready_when_the_other_has_extracted(
    program: Path,
    tmp_path: Path,
    architecture: str,
    record_property: Callable[[str, object], None],
) -> None:
    if emulator(architecture) is not None:
        pytest.skip("what an emulator takes says nothing")
    extraction, readiness = [], []
    for number in range(ROUNDS):
        extraction.append(extracting(program, tmp_path / f"extracted-{number}"))
        readiness.append(becoming_ready(tmp_path / f"served-{number}"))
    record_property("times", min(readiness) / min(extraction))

    assert min(readiness) <= MOST * min(extraction), (readiness, extraction)

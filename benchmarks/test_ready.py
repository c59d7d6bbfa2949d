"""How soon the native injector that serves is ready, beside the one that only extracts."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
from pathlib import Path
from typing import Final

import pytest

from benchmarks.subjects import ROOT
from native.tests.native_programs import sandboxed
from tests import served_samples as samples
from tests import unified_process

ROUNDS: Final = 9
MOST: Final = 1.1
"""As many times the processor time of extraction. Time on the clock says more of who else runs."""

NANOSECONDS: Final = 1e9
EXTRACTS: Final = ROOT / f"native/bin/zarf-injector-{platform.machine()}"
SERVES: Final = ROOT / f"native/bin/zarf-injector-unified-{platform.machine()}"


def extracting(root: Path) -> float:
    """Seconds of processor time that it takes to verify and extract the large payload."""
    for name in ("zarf-stage1", "zarf-stage2"):
        (root / name).mkdir(parents=True)
    samples.LARGE.init_directory().write(root / "zarf-stage1")
    words = [*sandboxed(root, EXTRACTS, os.uname().machine), samples.LARGE.init_directory().sha256]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def becoming_ready(directory: Path) -> float:
    """Seconds of processor time that it takes to verify, extract and begin to serve the same."""
    directory.mkdir()
    with unified_process.serving(samples.LARGE.init_directory(), directory) as process:
        ran, *_ = Path(f"/proc/{process.popen.pid}/schedstat").read_text(encoding="ascii").split()
        return int(ran) / NANOSECONDS


def test_ready_when_the_other_has_extracted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (EXTRACTS.exists() and SERVES.exists()):
        pytest.skip("native is not built on this machine")
    monkeypatch.setattr(unified_process, "COMMAND", (str(SERVES),))
    ratios = []
    for number in range(ROUNDS):
        extraction = extracting(tmp_path / f"extracted-{number}")
        ratios.append(becoming_ready(tmp_path / f"served-{number}") / extraction)

    assert statistics.median(ratios) <= MOST, ratios

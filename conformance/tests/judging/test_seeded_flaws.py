"""A subject with five flaws is told of exactly these five, requirement by requirement."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from injector_conformance.run import catalogue
from mutants import registry

pytestmark = pytest.mark.needs("namespaces", "root")

PROGRAM: Final = Path(sys.executable).with_name("injector-conformance")
FLAWS: Final = (
    *("pay-hidden-too", "gz-header-crc-unchecked", "tar-groups-applied"),
    *("mode-output-directory-left", "run-not-as-process-1"),
)
EVERY: Final = 12
"""Of the cases about something else, one in so many is judged too."""


def test_check_names_the_flaws_and_nothing_else(tmp_path: Path) -> None:
    expected = {registry.find(name).breaks for name in FLAWS}
    cases = list(catalogue.load().values())
    about = [case.id for case in cases if expected & set(case.requirements)]
    others = [case.id for case in cases if case.id not in about][::EVERY]
    selection = [word for case_id in (*about, *others) for word in ("--case", case_id)]
    report = tmp_path / "report.json"

    done = subprocess.run(
        [
            *(str(PROGRAM), "check", "--level", "should", "--json", str(report), *selection),
            *("--", sys.executable, "-m", "mutants", "+".join(FLAWS)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    result = json.loads(report.read_text(encoding="utf-8"))
    failed = {one["id"] for one in result["requirements"] if one["status"] == "failed"}
    assert done.returncode == 1, done.stderr
    assert failed == expected

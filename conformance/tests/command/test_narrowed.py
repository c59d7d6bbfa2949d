"""Runs that are narrowed by ``--skip`` or ``--fail-fast``: every report says so."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.reports import badge, claim

pytestmark = pytest.mark.needs("namespaces")

PROGRAM = Path(sys.executable).with_name("injector-conformance")
ScriptMaker = Callable[[str], Path]

KEEPS_ALL_BUT_SUM = """
cat zarf-payload-* | tar -xz --no-same-owner --no-same-permissions -C /zarf-stage2 || exit 1
chmod -R 755 /zarf-stage2
"""
"""Extracts and never looks at the checksum."""


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)


def judged(folder: Path, *words: object) -> tuple[int, str, Any]:
    """Exit status, terminal report, and the report as JSON."""
    done = run("check", "--json", folder / "r.json", "--html", folder / "r.html", *words)
    assert done.stderr == ""
    return done.returncode, done.stdout, json.loads((folder / "r.json").read_text())


def test_what_is_skipped_is_not_judged_and_nothing_whole_is_claimed(
    tmp_path: Path, script: ScriptMaker
) -> None:
    subject = script(KEEPS_ALL_BUT_SUM)
    cases = ("--case", "tar-format-v7", "--case", "sum-mismatch-in-last-digit")

    status, _, document = judged(tmp_path, *cases, "--", subject)
    assert status == 1
    assert document["verdict"] == "nonconformant"

    for skip in ("sum-1", "SUM", "sum-mismatch-*"):
        status, told, document = judged(tmp_path, *cases, "--skip", skip, "--", subject)

        assert status == 0
        assert document["verdict"] == "conformant-in-selection"
        assert document["selection"] == [*cases, "--skip", skip]
        assert not any(
            case["id"] == "sum-mismatch-in-last-digit"
            for one in document["requirements"]
            for case in one["cases"]
        )
        assert f"only {shlex.join(cases)}, without {shlex.quote(skip)} (1 case)" in told
        assert badge.message(document).startswith("partial")


def test_skip_alone_narrows(tmp_path: Path, reference: list[str]) -> None:
    chapters = ("pay", "gz", "tar", "box", "mode", "run", "bin")
    skips = [word for one in chapters for word in ("--skip", one)]

    status, told, document = judged(tmp_path, *skips, "--", *reference)

    assert status == 0
    assert document["verdict"] == "conformant-in-selection"
    assert document["not_applicable"] == []
    elsewhere = {
        case["id"]
        for one in document["requirements"]
        if one["chapter"] != "SUM"
        for case in one["cases"]
    }
    assert all("~" in one for one in elsewhere), "only what cases of SUM are held against"
    assert f"without {' '.join(chapters)} (" in told
    assert "PARTIAL" in told.splitlines()[-1]
    page = (tmp_path / "r.html").read_text()
    assert "Not a whole run" in page


def test_a_baseline_is_not_stale_for_what_is_skipped(tmp_path: Path, reference: list[str]) -> None:
    baseline = tmp_path / "b.toml"
    baseline.write_text('[[accepted]]\nrequirement = "SUM-1"\nreason = "known"\n')
    words = ("--case", "sum-*", "--case", "tar-format-v7", "--skip", "SUM")

    status, told, _ = judged(tmp_path, *words, "--baseline", baseline, "--", *reference)

    assert status == 0, told


@pytest.mark.parametrize("jobs", [1, 2])
def test_fail_fast_stops_and_says_so(tmp_path: Path, script: ScriptMaker, jobs: int) -> None:
    words = ("--requirement", "SUM", "--jobs", jobs)
    subject = script(KEEPS_ALL_BUT_SUM)
    *_, whole = judged(tmp_path, *words, "--", subject)

    status, told, document = judged(tmp_path, *words, "--fail-fast", "--", subject)

    assert status == 1
    assert document["verdict"] == "nonconformant"
    assert 0 < document["cases"] < whole["cases"]
    assert document["selection"][-1] == "--fail-fast"
    assert "stopped at the first failure (" in told.splitlines()[-1]
    assert claim.brief(document) == "not conformant (partial run)"


def test_fail_fast_that_never_stops_is_a_whole_run(tmp_path: Path, reference: list[str]) -> None:
    words = ("--requirement", "SUM", "--fail-fast")

    status, told, document = judged(tmp_path, *words, "--", *reference)

    assert status == 0
    assert document["selection"] == ["--requirement", "SUM"]
    assert "stopped" not in told


def test_fail_fast_goes_on_over_what_is_accepted(tmp_path: Path, script: ScriptMaker) -> None:
    baseline = tmp_path / "b.toml"
    baseline.write_text('[[accepted]]\nrequirement = "SUM-1"\nreason = "known"\n')
    words = ("--case", "sum-mismatch-of-*", "--baseline", baseline, "--fail-fast")

    status, _, document = judged(tmp_path, *words, "--", script(KEEPS_ALL_BUT_SUM))

    assert status == 0
    assert "--fail-fast" not in document["selection"]


def test_a_folder_that_is_not_there_is_noticed_before_the_run(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such"
    for option in ("json", "junit", "html", "markdown", "annotations", "badge", "write-baseline"):
        done = run("check", f"--{option}", missing / "file", "--", "./no-such-injector")

        assert done.returncode == 2
        assert done.stderr.startswith(f"injector-conformance: --{option} {missing}/file: there is")
        assert len(done.stderr.splitlines()) == 1
    done = run("check", "--html", tmp_path, "--", "./no-such-injector")
    assert done.returncode == 2
    assert "is a directory; name a file" in done.stderr

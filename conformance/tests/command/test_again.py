"""``check --rerun-failed``: only what an earlier run did not pass; nothing whole is claimed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("injector-conformance")
CASES = ("--case", "tar-format-v7", "--case", "sum-mismatch-in-last-digit")
ScriptMaker = Callable[[str], Path]

UNCHECKED = """
cat zarf-payload-* | tar -xz --no-same-owner --no-same-permissions -C /zarf-stage2 || exit 1
chmod -R 755 /zarf-stage2
"""


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.needs("namespaces")
def test_what_failed_is_run_again_until_it_is_mended(
    tmp_path: Path, script: ScriptMaker, good: str
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert run("check", *CASES, "--json", first, "--", script(UNCHECKED)).returncode == 1

    done = run("check", "--rerun-failed", first, "--json", second, "--", script(good))

    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(second.read_text())
    assert document["verdict"] == "conformant-in-selection"
    assert document["selection"] == ["--rerun-failed", str(first)]
    ids = {case["id"] for one in document["requirements"] for case in one["cases"]}
    assert "sum-mismatch-in-last-digit" in ids
    assert "tar-format-v7" not in ids

    again = run("check", "--rerun-failed", second, "--", script(good))
    assert again.returncode == 2
    assert again.stderr.endswith("second.json: nothing failed there\n")


@pytest.mark.needs("namespaces")
def test_a_report_of_another_profile(tmp_path: Path, script: ScriptMaker) -> None:
    first = tmp_path / "first.json"
    run("check", *CASES, "--json", first, "--", script(UNCHECKED))

    done = run("check", "--profile", "unified", "--rerun-failed", first, "--", script(UNCHECKED))

    assert done.returncode == 2
    assert done.stderr.endswith("a report of profile stage1: add --profile stage1\n")


def test_what_is_no_report(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    for text, words in (("{", "not JSON"), ("{}", "not a report")):
        wrong.write_text(text)

        done = run("check", "--rerun-failed", wrong)

        assert done.returncode == 2
        assert done.stderr.startswith(f"injector-conformance: --rerun-failed {wrong}: {words}")
        assert done.stderr.count("\n") == 1

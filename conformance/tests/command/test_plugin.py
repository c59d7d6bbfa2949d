"""The pytest plugin as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("namespaces")

ScriptMaker = Callable[[str], Path]


def run(tmp_path: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run pytest on the installed suite, away from this project's own configuration."""
    command = [sys.executable, "-m", "pytest", "--pyargs", "injector_conformance"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", f"--rootdir={tmp_path}", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )


def test_the_reference_passes(tmp_path: Path, reference: list[str]) -> None:
    done = run(tmp_path, "--case", "tar-format-*", "--injector", " ".join(reference), "-n2")

    assert done.returncode == 0, done.stdout
    assert "failed" not in done.stdout


def test_a_failure_names_requirement_and_difference(tmp_path: Path, script: ScriptMaker) -> None:
    done = run(tmp_path, "--case", "tar-format-v7", "--injector", script("exit 0"))

    assert done.returncode == 1
    assert "TAR-1: expected completed, tree:" in done.stdout
    assert "missing d (directory)" in done.stdout


def test_without_an_injector_nothing_passes(tmp_path: Path) -> None:
    done = run(tmp_path)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--injector COMMAND" in done.stderr


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (("--injector", "./no-such-injector"), "no such file"),
        (("--injector", ""), "--injector is empty"),
        (("--injector", "  "), "--injector is empty"),
        (("--injector", "''"), "first word is empty"),
        (("--injector", "./it's"), "cannot be split into words"),
        (("--injector", "true", "--profile", "stage9"), "no profile stage9"),
        (("--injector", "true", "--case", "no-such-case"), "no case no-such-case"),
        (("--injector", "true", "--requirement", "TAR-333"), "no requirement TAR-333"),
        (("--injector", "true", "--baseline", "no-such.toml"), "No such file"),
        (("--injector", "true", "--level", "most"), "most"),
    ],
)
def test_wrong_usage(tmp_path: Path, words: tuple[str, ...], phrase: str) -> None:
    done = run(tmp_path, *words)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert phrase in done.stderr
    assert "Traceback" not in done.stderr


SILENT = "exit 1"
CASES = ("--case", "tar-format-v7")


class TestBaseline:
    def write(self, tmp_path: Path, *entries: str) -> Path:
        path = tmp_path / "baseline.toml"
        path.write_text("".join(f'[[accepted]]\n{entry}\nreason = "known"\n' for entry in entries))
        return path

    def test_an_accepted_failure_is_expected(self, tmp_path: Path, script: ScriptMaker) -> None:
        both = ('requirement = "TAR-1"', 'requirement = "TAR-2"')
        baseline = self.write(tmp_path, *both)
        done = run(tmp_path, *CASES, "--injector", script(SILENT), "--baseline", baseline)

        assert done.returncode == 0, done.stdout
        assert "xfailed" in done.stdout

    @pytest.mark.parametrize("workers", [(), ("-n2",)])
    def test_a_stale_entry_fails_the_run(
        self, tmp_path: Path, reference: list[str], workers: tuple[str, ...]
    ) -> None:
        baseline = self.write(tmp_path, 'requirement = "TAR-14"')
        words = (
            "--requirement",
            "TAR-14",
            "--injector",
            " ".join(reference),
            "--baseline",
            baseline,
        )
        done = run(tmp_path, *words, *workers)

        assert done.returncode == 1
        assert "TAR-14 passes: the baseline's entry is stale" in done.stdout

    def test_a_stale_case_entry_fails(self, tmp_path: Path, reference: list[str]) -> None:
        baseline = self.write(tmp_path, 'case = "tar-format-v7"')
        words = (*CASES, "--injector", " ".join(reference), "--baseline", baseline)

        assert run(tmp_path, *words).returncode == 1


def test_a_should_is_an_expected_failure_below_its_level(
    tmp_path: Path, script: ScriptMaker, good: str
) -> None:
    subject = script(good.replace("echo mismatch >&2; exit 1", "exit 1"))
    words = ("--case", "sum-*mismatch*", "--requirement", "SUM-1", "--injector", subject)

    must, should = run(tmp_path, *words), run(tmp_path, *words, "--level", "should")

    assert must.returncode == 0, must.stdout
    assert should.returncode == 1


def test_what_is_skipped_is_not_judged(tmp_path: Path, script: ScriptMaker) -> None:
    words = ("--case", "tar-format-*", "--skip", "tar-format-v7", "--collect-only", "-q")
    done = run(tmp_path, *words, "--injector", script("exit 0"))

    assert done.returncode == 0, done.stdout
    assert "tar-format-ustar" in done.stdout
    assert "tar-format-v7" not in done.stdout

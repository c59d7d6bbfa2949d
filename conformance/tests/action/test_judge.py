"""The action's script that judges, run as the runner does, on a few cases."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("bash", "namespaces")

SCRIPT = Path(__file__).resolve().parents[3] / ".github" / "action" / "judge"

WRAPPER = """#!/bin/sh
shift
exec "{program}" check --case 'tar-format-v7' --case 'sum-mismatch-of-*' "$@"
"""


@dataclass(frozen=True)
class Judged:
    """What the runner sees of one run."""

    stdout: str
    outputs: dict[str, str]
    summary: str
    reports: dict[str, bytes]

    @property
    def obeyed(self) -> list[str]:
        """Lines that the runner takes for commands: those outside of where they are stopped."""
        found, token = [], None
        for line in self.stdout.splitlines():
            text = line.strip()
            if token is None and text.startswith("::stop-commands::"):
                token = text.removeprefix("::stop-commands::")
            elif token is not None and text == f"::{token}::":
                token = None
            elif token is None and text.startswith("::"):
                found.append(text)
        assert token is None
        return found


Judge = Callable[..., Judged]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Runs the script; the suite in its virtual environment judges a few cases only."""
    binaries = tmp_path / "injector-conformance" / "venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    program = binaries / "injector-conformance"
    own = Path(sys.executable).with_name("injector-conformance")
    program.write_text(WRAPPER.format(program=own))
    program.chmod(0o755)

    def run(command: str, **inputs: str) -> Judged:
        given = {
            "COMMAND": command,
            "PROFILE": "stage1",
            "LEVEL": "must",
            "BASELINE": "",
            "SANDBOX": "auto",
            "IMAGE": "",
            "PLATFORM": "",
            "ROOT": "true",
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", SCRIPT],
            env=os.environ
            | given
            | inputs
            | {
                "RUNNER_TEMP": str(tmp_path),
                "GITHUB_OUTPUT": str(tmp_path / "output"),
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        outputs = dict(
            line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines()
        )
        summary = tmp_path / "summary"
        return Judged(
            stdout=done.stdout,
            outputs=outputs,
            summary=summary.read_text() if summary.exists() else "",
            reports={path.name: path.read_bytes() for path in Path(outputs["reports"]).iterdir()},
        )

    return run


def test_a_conformant_injector(judge: Judge, reference: list[str]) -> None:
    seen = judge(" ".join(reference))

    assert seen.outputs["status"] == "0"
    assert seen.outputs["verdict"] == "conformant-in-selection"
    [told] = seen.obeyed
    assert told.startswith("::notice title=Verdict::partial: conformant as far as selected")
    assert seen.summary.startswith("## ⚠️ partial")
    assert seen.reports.keys() == {
        "report.json",
        "junit.xml",
        "report.html",
        "report.md",
        "badge.svg",
        "annotations.txt",
    }


def test_a_broken_injector(judge: Judge, script: Callable[[str], Path]) -> None:
    seen = judge(str(script("echo '::error::pwned'; echo '::stop-commands::x'; exit 1")))

    assert seen.outputs["status"] == "1"
    assert seen.outputs["verdict"] == "nonconformant"
    assert seen.obeyed
    assert all(re.match("::(error|warning|notice) title=", line) for line in seen.obeyed)
    assert not any("pwned" in line for line in seen.obeyed)


def test_a_command_is_split_and_not_run(judge: Judge, tmp_path: Path) -> None:
    subject = tmp_path / "my injector"
    subject.write_text("#!/bin/sh\nexit 1\n")
    subject.chmod(0o755)

    seen = judge("'./my injector' '$(touch pwned)' `touch pwned` \"two words\"")

    assert json.loads(seen.reports["report.json"])["subject"]["command"] == [
        "./my injector",
        "$(touch pwned)",
        "`touch",
        "pwned`",
        "two words",
    ]
    assert not (tmp_path / "pwned").exists()


def test_wrong_usage_judges_nothing(judge: Judge) -> None:
    seen = judge("./no-such-injector")

    assert seen.outputs["status"] == "2"
    assert seen.outputs["verdict"] == ""
    assert seen.summary == ""
    assert seen.reports == {}


@pytest.mark.parametrize("command", ["", "   ", "'./injector", './injector "', "./injector \\"])
def test_a_command_that_names_nothing_judges_nothing(judge: Judge, command: str) -> None:
    seen = judge(command)

    assert seen.outputs["status"] == "2"
    assert seen.outputs["verdict"] == ""
    assert seen.reports == {}
    [told] = seen.obeyed
    assert told.startswith("::error title=Wrong usage::the input command ")


@pytest.mark.parametrize("command", ["''", '"" ./injector'])
def test_an_empty_first_word_judges_nothing(judge: Judge, command: str) -> None:
    seen = judge(command)

    assert seen.outputs["status"] == "2"
    assert seen.reports == {}


def test_options_are_passed_on(judge: Judge, reference: list[str], tmp_path: Path) -> None:
    (tmp_path / "accepted.toml").write_text(
        '[[accepted]]\nrequirement = "TAR-1"\ncase = "tar-format-v7"\nreason = "was so once"\n'
    )

    seen = judge(" ".join(reference), BASELINE="accepted.toml", LEVEL="should")

    assert seen.outputs["status"] == "1"
    assert json.loads(seen.reports["report.json"])["level"] == "SHOULD"
    assert any("TAR-1" in line for line in seen.obeyed)

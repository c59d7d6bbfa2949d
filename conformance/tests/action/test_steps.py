"""The action's steps in their order, as the runner runs them: it must never end well by chance.

The runner itself is played: a step without ``if`` is skipped as soon as one before it has failed,
and what a step reads from another one's outputs is empty if that one did not write it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.needs("bash", "bubblewrap")

TOP = Path(__file__).resolve().parents[3]
STEPS = yaml.safe_load((TOP / "action.yml").read_text())["runs"]["steps"]
DEFAULTS = {
    name: given.get("default", "")
    for name, given in yaml.safe_load((TOP / "action.yml").read_text())["inputs"].items()
}
EXPRESSION = re.compile(r"\${{ ([a-z]+)\.([\w.-]+) }}")

FEW = """#!/bin/sh
[ "$1" = check ] || exec "{program}" "$@"
shift
exec "{program}" check --case tar-format-v7 "$@"
"""


@dataclass
class Job:
    """What became of the steps."""

    ran: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return not self.failed


@dataclass
class Runner:
    """Runs the scripts of the action in a folder; its suite is installed already."""

    folder: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, inputs: dict[str, str], without: str = "") -> Job:
        """Run all steps but foreign actions; one may be said to have failed."""
        job = Job()
        for step in STEPS:
            always = step.get("if") == "always()"
            if job.failed and not always:
                continue
            if step["name"] == without:
                job.failed.append(step["name"])
            elif "run" in step and step["name"] != "Install the suite":
                job.ran.append(step["name"])
                if self._shell(step, DEFAULTS | inputs):
                    job.failed.append(step["name"])
        return job

    def _shell(self, step: dict[str, Any], inputs: dict[str, str]) -> int:
        output = self.folder / "output"
        output.write_text("")
        values = {"inputs": inputs, "steps": self._flat()}
        given = {
            name: EXPRESSION.sub(lambda one: values[one[1]].get(one[2], ""), text)
            for name, text in step.get("env", {}).items()
        }
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            env=os.environ
            | given
            | {
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_ACTION_PATH": str(TOP),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            },
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        if "id" in step:
            lines = output.read_text().splitlines()
            self.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
        return done.returncode

    def _flat(self) -> dict[str, str]:
        return {
            f"{step}.outputs.{name}": value
            for step, found in self.outputs.items()
            for name, value in found.items()
        }


@pytest.fixture
def binaries(tmp_path: Path) -> Path:
    """The virtual environment that the step before has made; its suite judges one case only."""
    folder = tmp_path / "injector-conformance" / "venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    program = Path(sys.executable).with_name("injector-conformance")
    _program(folder / "injector-conformance", FEW.format(program=program))
    return folder


@pytest.fixture
def runner(tmp_path: Path, binaries: Path) -> Runner:
    assert binaries.is_relative_to(tmp_path)
    return Runner(tmp_path)


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_a_verdict_against_it_fails_the_job(runner: Runner, script: Callable[[str], Path]) -> None:
    job = runner.run({"command": str(script("exit 1"))})

    assert job.ran == ["Judge", "Verdict"]
    assert job.failed == ["Verdict"]


@pytest.mark.parametrize("command", ["", " ", "'", "''", "./no-such-injector"])
def test_wrong_usage_fails_the_job(runner: Runner, command: str) -> None:
    assert runner.run({"command": command}).failed == ["Verdict"]


@pytest.mark.parametrize(
    "inputs", [{"profile": "stage9"}, {"level": ""}, {"sandbox": ""}, {"baseline": "none.toml"}]
)
def test_options_that_cannot_be_used_fail_the_job(
    runner: Runner, reference: list[str], inputs: dict[str, str]
) -> None:
    job = runner.run({"command": " ".join(reference), **inputs})

    assert job.failed == ["Verdict"]


@pytest.mark.parametrize("step", ["Set up Python", "Install the suite", "Judge"])
def test_a_step_that_failed_leaves_no_verdict(
    runner: Runner, reference: list[str], step: str
) -> None:
    job = runner.run({"command": " ".join(reference)}, without=step)

    assert job.failed == [step, "Verdict"]


@pytest.mark.parametrize(
    "program",
    [
        "#!/bin/sh\nexit 0\n",
        "#!/bin/sh\nkill -9 $$\n",
        "#!/no/such/interpreter\n",
        '#!/bin/sh\nwhile [ "$1" != --json ]; do shift; done; echo "{" >"$2"\n',
    ],
)
def test_a_suite_that_says_nothing_is_no_verdict(
    runner: Runner, binaries: Path, reference: list[str], program: str
) -> None:
    _program(binaries / "injector-conformance", program)

    assert "Verdict" in runner.run({"command": " ".join(reference)}).failed


@pytest.mark.parametrize(
    ("status", "verdict", "ends"),
    [
        ("0", "conformant", 0),
        ("0", "conformant-with-deviations", 0),
        ("0", "", 3),
        ("0", "partial", 3),
        ("0", "nonconformant", 3),
        ("0", "conformant-in-selection", 3),
        ("", "", 3),
        ("", "conformant", 3),
        ("1", "nonconformant", 1),
        ("2", "", 2),
        ("3", "partial", 3),
        ("256", "conformant", 3),
        ("x", "conformant", 3),
    ],
)
def test_the_last_word(status: str, verdict: str, ends: int) -> None:
    done = subprocess.run(
        ["bash", TOP / ".github" / "action" / "verdict"],
        env=os.environ | {"STATUS": status, "VERDICT": verdict},
        capture_output=True,
        check=False,
    )

    assert done.returncode == ends

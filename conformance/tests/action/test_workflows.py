"""The action and the workflows, as their linters and their users read them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).resolve().parents[3]
ACTION = TOP / "action.yml"
WORKFLOWS = sorted((TOP / ".github" / "workflows").glob("*.yml"))
EXAMPLE = TOP / "docs" / "github-action.md"
SCRIPTS = [*sorted((TOP / ".github" / "action").iterdir()), TOP / ".github" / "release" / "try"]
UPDATES = TOP / ".github" / "dependabot.yml"


@pytest.fixture
def action() -> Any:
    return yaml.safe_load(ACTION.read_text())


def run(*words: str | Path, cwd: Path = TOP) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd)
    return done.stdout + done.stderr if done.returncode else ""


def example() -> str:
    """The workflow that the documentation shows."""
    return EXAMPLE.read_text().partition("```yaml\n")[2].partition("```")[0]


def test_foreign_actions_are_pinned_by_commit() -> None:
    for path in (ACTION, *WORKFLOWS):
        uses = re.findall(r"uses: (.*)", path.read_text())
        foreign = [one for one in uses if not one.startswith("./")]

        assert foreign, path
        for one in foreign:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one


def test_every_input_is_used(action: Any) -> None:
    text = ACTION.read_text()

    for name in action["inputs"]:
        assert f"inputs.{name}" in text, name


def test_no_script_has_an_expression_in_it(action: Any) -> None:
    """What a user or a pull request sets is data in the environment, never text of a script."""
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_example_uses_inputs_that_exist(action: Any) -> None:
    steps = yaml.safe_load(example())["jobs"]["injector"]["steps"]
    given = [step["with"] for step in steps if "command" in step.get("with", {})]

    assert given
    for one in given:
        assert one.keys() <= action["inputs"].keys()


def test_no_finding_of_security() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")

    words = ("--offline", "--no-progress", "--quiet", "--min-severity", "medium")
    assert run(zizmor, *words, ACTION, UPDATES, *WORKFLOWS) == ""


@pytest.mark.needs("actionlint")
def test_workflows_and_example_are_sound(tmp_path: Path) -> None:
    (tmp_path / "example.yml").write_text(example())

    assert WORKFLOWS
    assert run("actionlint", *WORKFLOWS) == ""
    assert run("actionlint", tmp_path / "example.yml") == ""


@pytest.mark.needs("actionlint")
def test_an_unsound_workflow_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(example().replace("runs-on", "runs-off"))

    assert "runs-off" in run("actionlint", tmp_path / "wrong.yml")


@pytest.mark.needs("shellcheck")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound(script: Path) -> None:
    assert run("shellcheck", script) == ""

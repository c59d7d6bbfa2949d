"""The whole story on a real node: with injectors that are right, and with those that are not."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cluster.place import PREFIX
from injector_conformance.reports import validity
from tests.cluster import wrong

pytestmark = [pytest.mark.needs("root", "node")]

SECONDS = 400


def words(kubeconfig: Path, *more: object) -> list[str]:
    command = [sys.executable, "-m", "injector_conformance", "cluster"]
    return [*command, "--kubeconfig", str(kubeconfig), *map(str, more)]


def namespaces(kubeconfig: Path) -> str:
    listed = subprocess.run(
        ["kubectl", f"--kubeconfig={kubeconfig}", "get", "namespaces", "--output=name"],
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout


def played(kubeconfig: Path, folder: Path, *more: object) -> tuple[int, str, dict[str, Any]]:
    """Exit status, output and report of a story."""
    report = folder / "report.json"
    done = subprocess.run(
        words(kubeconfig, "--json", report, *more),
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert PREFIX not in namespaces(kubeconfig)
    assert report.exists(), done.stderr
    told = json.loads(report.read_text())
    assert validity.fault(told, "cluster/schema.json") is None
    return done.returncode, done.stdout + done.stderr, told


STEPS = {
    "zarf-injector": ["pack", "create", "inject", "hand-over", "other-user", "twice", "stale"],
    "zarf-injector-unified": [
        *("pack", "create", "ready", "pull", "run"),
        *("restart", "pull-again", "other-user", "nothing", "stale"),
    ],
}
KEPT = {
    "zarf-injector": {"CTR-3", "CTR-4", "RUN-1", "RUN-5", "RUN-7", "SUM-1"},
    "zarf-injector-unified": {"CTR-3", "CTR-5", "CTR-6", "EXT-3", "LIFE-2", "RUN-5", "SUM-1"},
}


def seconds_to_the_goal(output: str) -> float:
    """How long the story took to what it is played for, of which the injector's share is told."""
    line = r"^the (?:seed image|injected program) runs after ([\d.]+) s, ([\d.]+) s of them"
    found = re.search(line, output, re.MULTILINE)
    assert found is not None, output
    assert 0 < float(found[2]) < float(found[1])
    return float(found[1])


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["verdict"] for one in report["requirements"]}


@pytest.mark.parametrize(
    ("profile", "name"), [("stage1", "zarf-injector"), ("unified", "zarf-injector-unified")]
)
def test_the_native_injector_keeps_the_whole_story(
    profile: str, name: str, kubeconfig: Path, native: Path, tmp_path: Path
) -> None:
    program = native / f"{name}-x86_64"

    status, output, report = played(kubeconfig, tmp_path, "--profile", profile, "--", program)

    assert status == 0, output
    assert [step["id"] for step in report["steps"]] == [*STEPS[name], "clean-up"]
    assert report["finding"] is None
    said = verdicts(report)
    assert {one for one, verdict in said.items() if verdict == "kept"} == KEPT[name]
    assert "broken" not in said.values()
    assert any("1000650000" in note for note in report["notes"])
    assert f"kept: the whole story on a real cluster, profile {profile}" in output
    assert seconds_to_the_goal(output) < 60


@pytest.mark.parametrize(
    ("profile", "name"), [("stage1", "zarf-injector"), ("unified", "zarf-injector-unified")]
)
def test_a_user_that_openshift_would_assign_is_served_too(
    profile: str, name: str, kubeconfig: Path, native: Path, tmp_path: Path
) -> None:
    program = native / f"{name}-x86_64"
    user = 1_000_650_000

    status, output, report = played(
        kubeconfig, tmp_path, "--profile", profile, "--user", user, "--", program
    )

    assert (status, report["user"]) == (0, user), output


@pytest.mark.parametrize(
    ("flaw", "fault", "requirement"),
    [
        pytest.param(wrong.UNCHECKED, "stale-served", "SUM-1", id="unchecked"),
        pytest.param(wrong.WANTS_AN_EMPTY_DIRECTORY, "not-again", "EXT-3", id="once"),
    ],
)
def test_what_is_wrong_only_later_is_charged_to_its_requirement_alone(
    flaw: wrong.Flaw, fault: str, requirement: str, kubeconfig: Path, tmp_path: Path
) -> None:
    program = wrong.build(flaw, tmp_path)

    status, output, report = played(kubeconfig, tmp_path, "--profile", "unified", "--", program)

    assert (status, report["finding"]["fault"]) == (1, fault), output
    broken = {one for one, verdict in verdicts(report).items() if verdict == "broken"}
    assert broken == {requirement}, output


@pytest.mark.parametrize(
    ("flaw", "fault"),
    [
        pytest.param(wrong.DIES_AT_THE_FIRST_REQUEST, "died-at-request", id="dies"),
        pytest.param(wrong.READY_TOO_EARLY, "ready-too-early", id="early"),
        pytest.param(wrong.OTHER_BYTES, "wrong-bytes", id="bytes"),
    ],
)
def test_a_wrong_injector_is_named_as_what_it_is(
    flaw: wrong.Flaw, fault: str, kubeconfig: Path, tmp_path: Path
) -> None:
    program = wrong.build(flaw, tmp_path)

    status, output, report = played(kubeconfig, tmp_path, "--profile", "unified", "--", program)

    assert (status, report["finding"]["fault"]) == (1, fault), output


@pytest.mark.parametrize(
    ("profile", "name"), [("stage1", "zarf-injector"), ("unified", "zarf-injector-unified")]
)
def test_a_program_for_another_machine_is_named_as_such(
    profile: str, name: str, kubeconfig: Path, native: Path, tmp_path: Path
) -> None:
    """A machine that no node emulates: many run programs for arm64, as this one may."""
    content = bytearray((native / f"{name}-x86_64").read_bytes())
    content[18:20] = (0x7A7A).to_bytes(2, "little")  # e_machine: assigned to nobody
    program = tmp_path / name
    program.write_bytes(content)

    status, output, report = played(kubeconfig, tmp_path, "--profile", profile, "--", program)

    assert (status, report["finding"]["fault"]) == (1, "wrong-architecture"), output


def test_an_interrupted_story_leaves_nothing_behind(kubeconfig: Path, native: Path) -> None:
    program = native / "zarf-injector-x86_64"
    process = subprocess.Popen(
        words(kubeconfig, "--", program), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + SECONDS
    while PREFIX not in namespaces(kubeconfig):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=SECONDS)

    assert process.returncode == 130
    assert stderr == "injector-conformance: interrupted\n"
    assert PREFIX not in namespaces(kubeconfig)

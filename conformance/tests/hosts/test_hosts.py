"""Hosts as they are hardened in the field: the right verdict there, or one sentence before it."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.needs("root")

_SIMULATION: Final = Path(__file__).with_name("host.py")
_ROOT: Final = Path(__file__).parents[3]
_NATIVE: Final = _ROOT / f"reference/native/bin/zarf-injector-{platform.machine()}"
_CONFORMANT, _NOT_CONFORMANT, _NOT_JUDGED = 0, 1, 3
_MEMORY: Final = ["/tmp", "/dev/shm"]  # noqa: S108 - mounted over, in a namespace


def _check(
    settings: dict[str, Any], *command: str | Path, requirement: str = "RUN-5"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, _SIMULATION, json.dumps(settings)),
            *(sys.executable, "-m", "injector_conformance", "check", "--jobs", "2"),
            *("--requirement", requirement, "--requirement", "SUM-2", "--", *command),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="an ordinary host"),
        pytest.param({"namespaces": 0}, id="root, no user namespaces"),
        pytest.param({"users": "one"}, id="an ordinary user"),
        pytest.param({"noexec": _MEMORY}, id="nothing can be executed in memory"),
        pytest.param({"noexec": [*_MEMORY, "/var/tmp"]}, id="nor on disk"),  # noqa: S108
        pytest.param({"small": _MEMORY}, id="hardly any room in memory"),
        pytest.param({"users": "one", "noexec": _MEMORY, "small": ["/var/tmp"]}, id="all of it"),  # noqa: S108
    ],
)
def test_the_same_verdicts_as_anywhere(settings: dict[str, Any]) -> None:
    right = _check(settings, _NATIVE)
    wrong = _check(settings, "/bin/true")

    assert right.returncode == _CONFORMANT, right.stdout + right.stderr
    assert wrong.returncode == _NOT_CONFORMANT, wrong.stdout + wrong.stderr


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        pytest.param(
            {"users": "one", "namespaces": 0}, "user.max_user_namespaces", id="an ordinary user"
        ),
        pytest.param({"powerless": True}, "CAP_SYS_ADMIN", id="root without capabilities"),
    ],
)
def test_without_any_namespaces_one_sentence_says_what_to_allow(
    settings: dict[str, Any], advice: str
) -> None:
    result = _check(settings, _NATIVE)

    assert result.returncode == _NOT_JUDGED
    assert result.stdout == ""
    assert advice in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_checkout_that_is_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    subject = closed / "zarf-injector"
    shutil.copy(_NATIVE, subject)
    subject.chmod(0o700)

    result = _check({}, subject)

    assert result.returncode == _CONFORMANT, result.stdout + result.stderr


def test_an_interpreter_that_is_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    script = closed / "injector"
    script.write_text(
        f"#!{sys.executable}\nfrom zarf_injector import command\n"
        "raise SystemExit(command.main())\n"
    )
    script.chmod(0o700)

    result = _check({}, script)

    assert result.returncode == _CONFORMANT, result.stdout + result.stderr

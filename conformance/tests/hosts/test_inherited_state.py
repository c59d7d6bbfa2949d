"""What a caller leaves behind in a process does not change the verdict, nor its status."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.host import surroundings

pytestmark = pytest.mark.needs("namespaces")

_CONFORMANT = 0
_NOT_JUDGED = 3
_CHECK = (sys.executable, "-m", "injector_conformance", "check", "--jobs", "2")


def _check(
    *before: str,
    prepare: Callable[[], object] | None = None,
    environment: dict[str, str] | None = None,
    cases: tuple[str, ...] = ("--requirement", "RUN-5"),
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, *_CHECK, *cases, "--", sys.executable, "-m", "zarf_injector"],
        preexec_fn=prepare,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda: os.umask(0o077), id="umask 077"),
        pytest.param(lambda: os.umask(0o027), id="umask 027"),
        pytest.param(lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN), id="SIGCHLD ignored"),
        pytest.param(lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN), id="SIGPIPE ignored"),
        pytest.param(
            lambda: signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()),
            id="signals blocked",
        ),
        pytest.param(
            lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 4096)), id="64 descriptors"
        ),
        pytest.param(
            lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2
            ),
            id="as many descriptors as may be",
        ),
        pytest.param(lambda: os.nice(10), id="nice"),
    ],
)
def test_the_verdict_does_not_depend_on_what_is_inherited(prepare: Callable[[], object]) -> None:
    result = _check(prepare=prepare)

    assert result.returncode == _CONFORMANT, result.stdout + result.stderr


def test_a_terminal_that_is_not_utf_8() -> None:
    result = _check(environment={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert result.returncode == _CONFORMANT, result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_closed_standard_output() -> None:
    result = _check("sh", "-c", 'exec "$@" >&-', "sh")

    assert (result.returncode, result.stderr) == (_CONFORMANT, "")


def test_a_full_standard_output_is_the_suites_own_failure() -> None:
    result = _check("sh", "-c", 'exec "$@" >/dev/full', "sh")

    assert result.returncode == _NOT_JUDGED
    assert result.stderr == "injector-conformance: [Errno 28] No space left on device\n"


def test_an_unforeseen_error_is_one_line_and_status_3(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(
        "import injector_conformance.cli.check as check, injector_conformance.cli as cli\n"
        "def plan(*a, **k): raise ZeroDivisionError('so\\nmuch')\n"
        "check.plan = plan\n"
        "raise SystemExit(cli.main(['check', '--', '/bin/true']))\n"
    )
    result = subprocess.run([sys.executable, broken], capture_output=True, text=True, check=False)

    assert result.returncode == _NOT_JUDGED
    assert result.stderr.startswith(
        "injector-conformance: an error of the suite itself: ZeroDivisionError: so much ("
    )
    assert result.stderr.count("\n") == 1


def test_what_was_found_is_there_again() -> None:
    os.umask(before := os.umask(0o027))
    found = resource.getrlimit(resource.RLIMIT_NOFILE)
    with surroundings.settled():
        assert os.umask(surroundings.UMASK) == surroundings.UMASK
        assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL

    os.umask(after := os.umask(0o022))
    assert (after, resource.getrlimit(resource.RLIMIT_NOFILE)) == (before, found)

"""What is told of a subject that does not even extract the golden payload."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.judging.cause import Broken, Cause
from injector_conformance.observations.outcome import Outcome
from injector_conformance.run import catalogue
from injector_conformance.sessions import first_look
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.subjects.subject import resolve

PROGRAM = Path(sys.executable).with_name("injector-conformance")
EMPTY = "completed, but missing seed-image.tar (142 KiB), zarf-registry (1,489 bytes)"


@pytest.fixture
def failed() -> CaseResult:
    broken = (Broken("TAR-2", "completed", EMPTY, Cause.LOST),)
    case = catalogue.load()[first_look.GOLDEN]
    return CaseResult(case, CaseStatus.FAILED, broken, Outcome.COMPLETED)


class TestHopeless:
    def test_nothing_was_extracted(self, failed: CaseResult) -> None:
        assert first_look.is_hopeless(failed)

    @pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.CRASHED, Outcome.HUNG])
    def test_it_did_not_complete(self, failed: CaseResult, outcome: Outcome) -> None:
        assert first_look.is_hopeless(replace(failed, outcome=outcome))

    @pytest.mark.parametrize(
        ("observed", "cause"),
        [
            ("completed, but missing zarf-registry (1,489 bytes)", Cause.LOST),
            ("completed, but wrong seed-image.tar: 1 byte instead of 142 KiB", Cause.DATA),
            ("zarf-registry 0644", Cause.MODE),
        ],
    )
    def test_a_flaw_is_something_else(
        self, failed: CaseResult, observed: str, cause: Cause
    ) -> None:
        broken = (Broken("TAR-2", "completed", observed, cause),)

        assert not first_look.is_hopeless(replace(failed, broken=broken))

    def test_so_is_what_passed_or_was_not_judged(self, failed: CaseResult) -> None:
        for status in (CaseStatus.PASSED, CaseStatus.SKIPPED, CaseStatus.ERROR):
            assert not first_look.is_hopeless(replace(failed, status=status, broken=()))


@pytest.mark.parametrize(
    ("outcome", "said", "phrase"),
    [
        (Outcome.COMPLETED, b"", "it is no injector"),
        (Outcome.CRASHED, b"", "it crashes at the start"),
        (Outcome.HUNG, b"", "it waits for something"),
        (Outcome.REJECTED, b"usage: x COMMAND", "it is called with one argument"),
        (Outcome.REJECTED, b"./zarf-payload-000: no such file", "chunks lie in /zarf-stage1"),
        (Outcome.REJECTED, b"error while loading shared libraries: libz.so", "it does not start"),
        (Outcome.REJECTED, b"config.toml: No such file or directory", "--expose PATH"),
        (Outcome.REJECTED, b"", "chunks lie in /zarf-stage1"),
    ],
)
def test_likely_causes(failed: CaseResult, outcome: Outcome, said: bytes, phrase: str) -> None:
    result = replace(failed, outcome=outcome, stderr=said)
    lines = list(first_look.complaint(result, resolve([sys.executable])))

    assert "golden payload" in lines[0]
    assert any(phrase in line for line in lines if line.startswith("  perhaps"))
    assert len(lines) < 8


def test_what_it_printed_is_shown_and_bounded(failed: CaseResult) -> None:
    result = replace(failed, outcome=Outcome.REJECTED, stderr=b"a\nb\x1b[31m\n" + b"c" * 10_000)
    lines = list(first_look.complaint(result, resolve([sys.executable])))
    printed = [line for line in lines if line.startswith("  printed")]

    assert len(printed) == 2
    assert all(line.isprintable() and len(line) < 200 for line in lines)


@pytest.mark.needs("bubblewrap")
def test_it_comes_first_and_is_short(script: Callable[[str], Path]) -> None:
    words = ("--case", first_look.GOLDEN, "--case", "tar-format-*", "--", script("exit 0"))
    brief = subprocess.run([PROGRAM, "check", *words], capture_output=True, text=True, check=False)
    whole = subprocess.run(
        [PROGRAM, "check", "-v", *words], capture_output=True, text=True, check=False
    )

    assert brief.returncode == whole.returncode == 1
    for done in (brief, whole):
        assert done.stdout.startswith("It does not even extract the golden payload")
        assert "verdict: NOT CONFORMANT" in done.stdout
    assert len(brief.stdout.splitlines()) <= 20
    assert whole.stdout.count("reproduce ") > 3

"""The subcommand: what it measures, how it compares, what it says to bad usage."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from injector_conformance import cli
from injector_conformance.bench import document

SCHEMA = Path(document.__file__).with_name("schema.json")
ScriptMaker = Callable[[str], Path]


@pytest.fixture
def shell_injector(script: ScriptMaker, good: str) -> str:
    """A good injector in shell."""
    return str(script(good))


@pytest.fixture
def measured(shell_injector: str, tmp_path: Path) -> Path:
    """A report on two small payloads."""
    path = tmp_path / "report.json"
    payloads = ["--payload", "start-up", "--payload", "size-1"]
    words = ["bench", *payloads, "--peer", "gnu", "--rounds", "2", "--json", str(path)]
    assert cli.main([*words, "--where", str(tmp_path), "--", shell_injector]) == 0
    return path


def doctored(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A report in which the subject's results were changed."""
    report = json.loads(path.read_text())
    for payload in report["payloads"]:
        for result in payload["results"]:
            if result["contestant"] == "subject":
                change(result)
    path.write_text(json.dumps(report))
    return path


def compare(shell_injector: str, baseline: Path, *words: str) -> int:
    where = ["--where", str(baseline.parent)]
    arguments = ["bench", "--baseline", str(baseline), "--rounds", "1", *where, *words]
    return cli.main([*arguments, "--", shell_injector])


class TestMeasuring:
    def test_the_report_follows_its_schema_and_shows_no_path(
        self, measured: Path, tmp_path: Path
    ) -> None:
        report = json.loads(measured.read_text())

        jsonschema.validate(report, json.loads(SCHEMA.read_text()))
        assert [one["id"] for one in report["payloads"]] == ["start-up", "size-1"]
        assert report["contestants"][0]["title"].startswith("subject-")
        del report["settings"]["where"]
        assert str(tmp_path) not in json.dumps(report)

    def test_nothing_is_left_behind(self, measured: Path) -> None:
        left = [path.name for path in measured.parent.iterdir()]

        assert not [name for name in left if name.startswith("injector-bench-")]

    def test_nothing_is_left_behind_when_interrupted(
        self, shell_injector: str, tmp_path: Path
    ) -> None:
        where = tmp_path / "where"
        where.mkdir()
        words = ["bench", "--payload", "size-4", "--rounds", "9999", "--where", str(where)]
        command = [sys.executable, "-m", "injector_conformance", *words, "--", shell_injector]

        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            assert process.stderr.readline() == "[1/1] size-4\n"
            process.send_signal(signal.SIGINT)
            complaint = process.stderr.read()

        assert (process.returncode, complaint) == (130, "injector-conformance: interrupted\n")
        assert not list(where.iterdir())

    def test_another_injector_joins(
        self, shell_injector: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["bench", "--payload", "start-up", "--rounds", "1", "--where", str(tmp_path)]

        assert (
            cli.main([*words, "--also", shell_injector, "--peer", "gnu", "--", shell_injector])
            == 0
        )
        assert capsys.readouterr().out.count(os.path.basename(shell_injector)) == 3


class TestComparing:
    def test_what_uses_more_memory_has_regressed(
        self, shell_injector: str, measured: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        baseline = doctored(measured, lambda result: result["peak"].update(size=1))

        assert compare(shell_injector, baseline, "--metric", "peak") == 1
        assert "REGRESSED in start-up (peak on start-up), size" in capsys.readouterr().out

    def test_what_uses_less_has_not(self, shell_injector: str, measured: Path) -> None:
        baseline = doctored(measured, lambda result: result["peak"].update(size=1 << 40))

        assert compare(shell_injector, baseline, "--metric", "peak") == 0

    def test_what_cannot_be_told_has_its_own_status(
        self, shell_injector: str, measured: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        baseline = doctored(measured, lambda result: result["cpu"].update(samples=[1e-6, 1e6]))

        assert compare(shell_injector, baseline, "--metric", "cpu", "--payload", "start-up") == 4
        assert "inconclusive in start-up" in capsys.readouterr().out


class TestBadUsage:
    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            (["--payload", "no"], "no payload no"),
            (["--peer", "no"], "no peer no"),
            (["--where", "/no/where"], "there is no directory /no/where"),
            (["--json", "/no/where/report.json"], "there is no directory to write it in"),
            (["--baseline", "/no/where.json"], "No such file"),
            (["--fail-above", "1.2"], "need --baseline"),
            (["--metric", "cpu"], "need --baseline"),
            (["--also", "/no/injector"], "/no/injector: no such file"),
            (["--also", "'"], "--also '"),
            (["--", "/no/injector"], "/no/injector: no such file"),
        ],
    )
    def test_it_gets_one_line(
        self, words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["bench", *words]) == 2

        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1
        assert complaint in lines[0]

    @pytest.mark.parametrize(
        "words",
        [["--rounds", "0"], ["--rounds", "x"], ["--timeout", "0"], ["--fail-above", "1"]],
    )
    def test_numbers_are_checked(self, words: list[str]) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(["bench", *words])

        assert raised.value.code == 2

    def test_a_payload_that_the_baseline_lacks(
        self, shell_injector: str, measured: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert compare(shell_injector, measured, "--payload", "seed") == 2
        assert "the baseline has no seed" in capsys.readouterr().err

    def test_a_subject_that_fails_is_no_slow_one(
        self, script: ScriptMaker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["bench", "--payload", "start-up", "--where", str(tmp_path), "--"]

        assert cli.main([*words, str(script("exit 7"))]) == 3
        assert "ended with status 7" in capsys.readouterr().err

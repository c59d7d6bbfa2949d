"""The subcommand with ``--profile unified``: what it measures, and what it says to bad usage."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from injector_conformance import cli
from injector_conformance.bench import serving

pytestmark = pytest.mark.needs("nginx", "namespaces")

WORDS = ["bench", "--profile", "unified"]


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A report on three figures of the reference."""
    path = tmp_path / "report.json"
    figures = [
        word for name in ("ready-0", "size-4k", "memory-idle") for word in ("--figure", name)
    ]
    words = [*WORDS, *figures, "--rounds", "2", "--json", str(path), "--where", str(tmp_path)]
    assert cli.main(words) == 0
    return path


def test_the_report_follows_its_schema_and_nothing_is_left_behind(measured: Path) -> None:
    report = json.loads(measured.read_text())

    jsonschema.validate(report, json.loads((resources.files(serving) / "schema.json").read_text()))
    assert [one["id"] for one in report["figures"]] == ["ready-0", "memory-idle", "size-4k"]
    assert {one["id"] for one in report["contestants"]} >= {"subject", "nginx"}
    assert not [one for one in measured.parent.iterdir() if one.name.startswith("injector-bench")]


def test_what_uses_more_memory_has_regressed(
    measured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = json.loads(measured.read_text())
    for figure in report["figures"]:
        for result in figure["results"]:
            if "size" in result:
                result["size"]["samples"] = [1.0 for _ in result["size"]["samples"]]
    measured.write_text(json.dumps(report))
    words = ["--baseline", str(measured), "--rounds", "1", "--where", str(measured.parent)]

    assert cli.main([*WORDS, "--figure", "memory-idle", *words]) == 1
    assert "REGRESSED in memory (size on memory-idle)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([*WORDS, "--figure", "no"], "no figure no"),
        ([*WORDS, "--payload", "seed"], "--payload and --metric are profile stage1's"),
        ([*WORDS, "--peer", "gnu"], "no peer gnu; there are nginx, docker-registry"),
        ([*WORDS, "--where", "/no/where"], "there is no directory /no/where"),
        ([*WORDS, "--baseline", "/no/where.json"], "No such file"),
        ([*WORDS, "--fail-above", "1.2"], "--fail-above needs --baseline"),
        ([*WORDS, "--", "/no/injector"], "/no/injector: no such file"),
        (["bench", "--figure", "ready"], "--figure is profile unified's"),
    ],
)
def test_bad_usage_gets_one_line(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert complaint in lines[0]


def test_a_subject_that_does_not_serve_is_no_slow_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "ends"
    script.write_text("#!/bin/sh\necho no port >&2\nexit 7\n")
    script.chmod(0o755)
    words = ["--figure", "ready-0", "--where", str(tmp_path), "--", str(script)]

    assert cli.main([*WORDS, *words]) == 3
    assert "did not serve within" in capsys.readouterr().err

"""Reproduction lines: typed into a shell, they are the words that they were made of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.reports import reproduction


@pytest.mark.parametrize(
    "word",
    [
        "a b",
        "it's",
        '"',
        "$HOME",
        "`x`",
        "a\\b",
        "*",
        "",
        "#",
        "é",
        "~",
        "a\nb",
        "\x1b[31m'\\",
        "\udcff",
    ],
)
def test_a_shell_reads_the_same_words(word: str) -> None:
    text = reproduction.line(["printf", "%s", word])
    done = subprocess.run(["bash", "-c", text], capture_output=True, check=True)

    assert done.stdout == os.fsencode(word)
    assert text.isprintable()
    assert len(text.splitlines()) == 1


def test_the_line_names_where_stages_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    assert "TMPDIR" not in reproduction.reproduction(["--case", "x"], [], ["./i"])

    monkeypatch.setenv("TMPDIR", "/a disk")
    told = reproduction.reproduction(["--case", "x"], [], ["./i"])
    assert told.startswith("TMPDIR='/a disk' ")


class TestProgram:
    OWN = Path(sys.executable).with_name(reproduction.NAME)

    def test_its_name_where_path_leads_to_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(self.OWN.parent))

        assert reproduction.program() == (reproduction.NAME,)

    def test_its_place_in_a_checkout(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / reproduction.NAME).write_text("#!/bin/sh\n")
        (tmp_path / reproduction.NAME).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.chdir(self.OWN.parents[2])

        assert reproduction.program() == (str(self.OWN.relative_to(self.OWN.parents[2])),)

    def test_its_place_from_elsewhere(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        monkeypatch.chdir(tmp_path)

        assert reproduction.program() == (str(self.OWN),)


FAILURES = {
    "nothing extracted": ("exit 0", "tar-format-v7", ()),
    "refused": ("echo no >&2; exit 1", "tar-format-v7", ()),
    "crashed": ("kill -SEGV $$", "tar-format-v7", ()),
    "hung": ("sleep 60", "tar-format-v7", ("--timeout", "0.5")),
    "accepted": ("exit 0", "sum-mismatch-of-nothing", ()),
    "changed outside": ("echo x > /canary; exit 1", "tar-format-v7", ("--level", "should")),
    "in a sandbox by name": ("exit 0", "tar-format-v7", ("--sandbox", "namespaces")),
    "exposed": ("exit 0", "tar-format-v7", ("--expose", "/etc")),
}


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("kind", FAILURES)
def test_a_typed_line_gives_the_same_answer(
    kind: str, script: Callable[[str], Path], tmp_path: Path
) -> None:
    body, case, options = FAILURES[kind]
    path = tmp_path / "r.json"
    words = ["check", "--case", case, *options, "--json", str(path), "--", str(script(body))]
    first = subprocess.run([TestProgram.OWN, *words], capture_output=True, text=True, check=False)
    told = _told(json.loads(path.read_text()))
    lines = {line for _, line, _ in told if line}

    assert first.returncode == 1, first.stdout + first.stderr
    for line in lines:
        again = line.replace(" check ", f" check --json {path} ", 1)
        done = subprocess.run(["bash", "-c", again], capture_output=True, text=True, check=False)
        case_id = line.split("--case ")[1].split()[0]

        assert done.returncode == 1, done.stdout + done.stderr
        assert _of(told, case_id) <= {(a, c) for a, _, c in _told(json.loads(path.read_text()))}


def _told(document: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Requirement and case, line, and cause of everything that failed."""
    return {
        (f"{requirement['id']} {case['id']}", case["reproduce"], case["cause"])
        for requirement in document["requirements"]
        for case in requirement["cases"]
        if case["status"] == "failed"
    }


def _of(told: set[tuple[str, str, str]], case: str) -> set[tuple[str, str]]:
    return {(name, cause) for name, _, cause in told if name.endswith(f" {case}")}

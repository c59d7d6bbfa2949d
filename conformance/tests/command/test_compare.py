"""``compare``: several injectors by the same payloads, one table, and a status for all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from injector_conformance.cli import compare, main
from injector_conformance.cli.compare import Named
from injector_conformance.reports import reader

BAD = "sum-mismatch-in-last-digit"
UNCHECKED = "cat zarf-payload-* | tar -xz -C /zarf-stage2; chmod -R 755 /zarf-stage2"
CHECKED = 'test "$(cat zarf-payload-* | sha256sum)" = "$1  -" || { echo no >&2; exit 1; }'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, script in (("good", f"{CHECKED}; {UNCHECKED}"), ("bad", UNCHECKED)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.needs("namespaces")
def test_a_table_reports_and_a_page(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = f"other=sh {desk}/bad"
    assert main(["compare", "./good", other, "-o", "out", "--case", BAD]) == 1

    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["subject", "MUST", "SHOULD", "MAY", "verdict"]
    assert out[1].startswith("good ")
    assert "conformant as far as selected (MUST)" in out[1]
    assert out[2].startswith("other ")
    assert "not conformant (MUST)" in out[2]
    assert "SUM-1    kept  broken" in out
    assert sorted(os.listdir(desk / "out")) == [
        *("good.json", "good.txt", "index.html", "other.json", "other.txt"),
    ]
    reports = [json.loads((desk / "out" / f"{one}.json").read_text()) for one in ("good", "other")]
    assert reports[0]["verdict"] == "conformant-in-selection"
    assert reports[0]["run"]["seed"] == reports[1]["run"]["seed"]
    assert "FAIL  SUM-1" in (desk / "out" / "other.txt").read_text()
    assert "other" in (desk / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.needs("namespaces")
def test_all_of_them_are_conformant(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(desk.iterdir())

    assert main(["compare", "a=./good", "b=./good", "--case", BAD]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 3
    assert sorted(desk.iterdir()) == before


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("statuses", "status"), [((0, 0), 0), ((0, 3), 3), ((3, 1), 1), ((1, 0), 1)]
)
def test_the_status_is_that_of_the_worst(
    monkeypatch: pytest.MonkeyPatch, statuses: Sequence[int], status: int
) -> None:
    left = list(statuses)
    monkeypatch.setattr(compare, "_judged", lambda *_: left.pop(0))
    monkeypatch.setattr(reader, "read", lambda _: {})
    monkeypatch.setattr(compare, "table", lambda *_: [])

    assert main(["compare", "a=./good", "b=./bad"]) == status
    assert left == []


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (("./good", "./good"), "./good and ./good are both called good; call one NAME=./good"),
        (("./good", "./nothere"), "./nothere: no such file"),
        (("./good", "'"), "cannot be split into words"),
        (("./good", ""), "no command stands there"),
        (("./good", "b="), "no command stands there"),
        (("index=./good",), "'index' is no name for a file"),
        (("./good", "--profile", "stage9"), "no profile stage9"),
        (("./good", "-o", "bad"), "-o bad: is no directory"),
        (("./good", "--case", "sum-mismatch-in-last-digitt"), "did you mean"),
    ],
)
def test_a_wrong_word_gets_one_line_and_nothing_runs(
    desk: Path, capsys: pytest.CaptureFixture[str], words: Sequence[str], phrase: str
) -> None:
    assert main(["compare", *words]) == 2

    seen = capsys.readouterr()
    (line,) = seen.err.splitlines()
    assert phrase in line
    assert seen.out == ""
    assert sorted(os.listdir(desk)) == ["bad", "good"]


def test_names() -> None:
    words = ["./a/old", "new=python -m x --y=z", "third=/p/with-equal=sign", "./d=e/fourth"]

    assert list(compare.named(words)) == [
        Named("old", ("./a/old",)),
        Named("new", ("python", "-m", "x", "--y=z")),
        Named("third", ("/p/with-equal=sign",)),
        Named("fourth", ("./d=e/fourth",)),
    ]

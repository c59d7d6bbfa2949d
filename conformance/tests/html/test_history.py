"""``report --history``: one subject over time, from a directory of reports."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cli import main
from injector_conformance.reports.html import history
from tests.html.test_markup import HOSTILE, Elements, poisoned

Document = dict[str, Any]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs ``report --history`` on the directory of reports: status, page, standard error."""

    def call(*words: object, folder: Path = tmp_path / "reports") -> tuple[int, str, str]:
        site = tmp_path / "site"
        arguments = ("report", "--history", folder, "-o", site, *words)
        status = main([str(word) for word in arguments])
        page = site / "index.html"
        return status, page.read_text("utf-8") if page.exists() else "", capsys.readouterr().err

    return call


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., None]:
    """Puts a report into the directory, changed in its run and its subject."""
    folder = tmp_path / "reports"
    folder.mkdir()

    def put(name: str, document: Document, *, date: str = "2026-01-02", **subject: Any) -> None:
        document = copy.deepcopy(document)
        document["run"]["date"] = date if "T" in date else f"{date}T03:04:05+00:00"
        document["subject"] |= subject
        (folder / name).write_text(json.dumps(document))

    return put


@pytest.fixture
def better(ordinary: Document) -> Document:
    """The ordinary report when one broken requirement is kept, and a kept one broken."""
    found = copy.deepcopy(ordinary)
    for requirement in found["requirements"]:
        if requirement["id"] == "GZ-3":
            requirement |= {"status": "passed", "counts": False}
        if requirement["id"] == "PAY-1":
            requirement |= {"status": "failed", "counts": True}
    return found


class TestPage:
    def test_the_newest_is_last_by_the_reports_own_time(
        self, run: Run, keep: Callable[..., None], ordinary: Document, better: Document
    ) -> None:
        keep("a.json", better, date="2026-03-01", size=12_000)
        keep("b.json", ordinary, date="2026-01-01T01:00:00+02:00", size=13_000)
        keep("c.json", ordinary, date="2025-12-31T23:30:00", size=12_500)

        status, text, stderr = run()

        assert status == 0, stderr
        files = [f"<td>{name}.json</td>" for name in "bca"]
        assert [text.index(one) for one in files] == sorted(text.index(one) for one in files)
        assert "The oldest first: 13,000; 12,500; 12,000." in text
        assert '<h1 class="name">injector over time</h1>' in text

    def test_what_is_newly_broken_and_kept_is_told(
        self, run: Run, keep: Callable[..., None], ordinary: Document, better: Document
    ) -> None:
        keep("a.json", ordinary, date="2026-01-01")
        keep("b.json", better, date="2026-01-02")
        keep("c.json", better, date="2026-01-03")

        _, text, _ = run()

        assert "<strong>Newly broken:</strong> PAY-1 (MUST)</li>" in text
        assert "<strong>Newly kept:</strong> GZ-3 (MUST)</li>" in text
        assert text.count("Nothing is newly broken, newly kept or no longer judged") == 1

    def test_one_report_is_a_dot(
        self, run: Run, keep: Callable[..., None], good: Document
    ) -> None:
        keep("a.json", good)

        status, text, _ = run("--name", "nightly <x>")

        assert status == 0
        assert "There is one report only" in text
        assert "nightly &lt;x&gt; over time" in text
        assert text.count("<circle") == 4

    def test_sizes_are_drawn_only_if_all_are_known(self, good: Document) -> None:
        other = copy.deepcopy(good)
        other["subject"]["size"] = None
        rows = history.points([(Path("a.json"), good), (Path("b.json"), other)])

        assert [one.key for one in history.charts(rows)] == ["broken", "kept", "time"]

    def test_a_line_lies_between_its_scales_ends(self, ordinary: Document, good: Document) -> None:
        rows = history.points([(Path("a.json"), ordinary), (Path("b.json"), good)])
        broken = history.charts(rows)[0]

        assert (broken.least, broken.most) == ("0", "3")
        assert broken.places == ((3.0, 12.0), (97.0, 128.0))

    def test_no_subject_can_add_markup(
        self, run: Run, keep: Callable[..., None], good: Document
    ) -> None:
        document = poisoned(good) | {"profile": good["profile"]}
        keep("a.json", document, command=[HOSTILE])

        _, text, stderr = run()

        assert "over time" in text, stderr
        assert not list(Elements(text).named("script", "img"))


class TestWrongUse:
    @pytest.fixture
    def refused(self, run: Run) -> Callable[..., str]:
        """The one line that is told in place of a page."""

        def call(*words: object, **options: Any) -> str:
            status, text, stderr = run(*words, **options)
            assert (status, text) == (2, "")
            assert stderr.startswith("injector-conformance: ")
            assert len(stderr.splitlines()) == 1
            return stderr

        return call

    @pytest.mark.usefixtures("keep")
    def test_no_report(self, refused: Callable[..., str], tmp_path: Path) -> None:
        (tmp_path / "reports" / "notes.txt").touch()

        assert "reports: no report in it; put outputs of check --json there" in refused()

    @pytest.mark.parametrize("name", ["none", "a-file"])
    def test_no_directory(self, refused: Callable[..., str], tmp_path: Path, name: str) -> None:
        (tmp_path / "a-file").touch()

        assert f"{name}: cannot be read: No" in refused(folder=tmp_path / name)

    @pytest.mark.parametrize("content", ["{", "{}", '{"schema": "1.0.0"}'])
    def test_a_damaged_report_is_named(
        self, refused: Callable[..., str], keep: Any, good: Document, tmp_path: Path, content: str
    ) -> None:
        keep("a.json", good)
        (tmp_path / "reports" / "b.json").write_text(content)

        assert f"{tmp_path / 'reports' / 'b.json'}: " in refused()

    def test_a_date_that_is_none(self, refused: Callable[..., str], keep: Any, good: Any) -> None:
        keep("a.json", good, date="Twice")

        assert "a.json: " in refused()

    def test_several_subjects(self, refused: Callable[..., str], keep: Any, good: Any) -> None:
        keep("a.json", good)
        keep("b.json", good, command=["/elsewhere/injector"])
        keep("c.json", good, command=["sh", "./other"])

        assert (
            "reports of 2 subjects: injector (a.json), sh other (c.json); give each" in refused()
        )

    def test_several_profiles(self, refused: Callable[..., str], keep: Any, good: Any) -> None:
        keep("a.json", good)
        keep("b.json", good | {"profile": "unified"})

        assert "reports of 2 profiles: stage1 (a.json), unified (b.json)" in refused()

    @pytest.mark.parametrize(
        "words", [("r.json",), ("--bench", "b"), ("--name", "a", "--name", "b")]
    )
    def test_what_does_not_go_with_it(
        self, refused: Callable[..., str], keep: Any, good: Any, words: tuple[str, ...]
    ) -> None:
        keep("a.json", good)

        assert words[0] in refused(*words)


def test_nothing_to_show(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["report", "-o", str(tmp_path)]) == 2
    assert "name a RESULT.json, or --history DIR" in capsys.readouterr().err

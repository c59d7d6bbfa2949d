"""``injector-conformance report`` and ``check --html`` as a user types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cli import main
from injector_conformance.reports.document import SCHEMA

Document = dict[str, Any]


TOP = Path(__file__).resolve().parents[3]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line: the status and both streams."""

    def call(*words: object) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        return status, *capsys.readouterr()

    return call


@pytest.fixture
def result(tmp_path: Path, ordinary: Document) -> Path:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(ordinary))
    return path


class TestReport:
    def test_results_become_one_page(self, run: Run, result: Path, tmp_path: Path) -> None:
        other = tmp_path / "theirs.json"
        other.write_bytes(result.read_bytes())

        status, stdout, stderr = run("report", result, other, "-o", tmp_path / "new" / "site")

        assert status == 0, stderr
        page = tmp_path / "new" / "site" / "index.html"
        assert stdout == f"{page}\n"
        assert list(page.parent.iterdir()) == [page]
        text = page.read_text(encoding="utf-8")
        assert "2 injectors compared" in text
        assert '<span class="name">mine</span>' in text
        assert '<span class="name">theirs</span>' in text

    def test_sizes_and_speed(self, run: Run, result: Path, tmp_path: Path) -> None:
        speed = {
            "schema": "1.0.0",
            "settings": {"control": "gnu"},
            "contestants": [{"id": "gnu", "title": "GNU <tar>"}],
            "payloads": [
                {
                    "title": "two files",
                    "results": [
                        {
                            "contestant": "gnu",
                            "wall": {
                                "value": 0.25,
                                "times_control": {"value": 1, "low": 0.9, "high": 1.25},
                            },
                            "peak": {"size": 1048576},
                        }
                    ],
                }
            ],
        }
        (tmp_path / "bench.json").write_text(json.dumps(speed))
        ladder = TOP / "docs" / "ladder.json"

        words = ("--bench", tmp_path / "bench.json", "--ladder", ladder)
        status, _stdout, stderr = run("report", result, "-o", tmp_path / "site", *words)

        assert status == 0, stderr
        text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        assert "GNU &lt;tar&gt;" in text
        assert "0.90 to 1.25" in text
        assert "Judged on this page" in text

    def test_a_committed_benchmark_can_be_shown(
        self, run: Run, result: Path, tmp_path: Path
    ) -> None:
        bench = TOP / "benchmarks" / "baselines" / "native-x86_64.json"

        status, _, stderr = run("report", result, "-o", tmp_path / "site", "--bench", bench)

        assert status == 0, stderr
        text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        for payload in json.loads(bench.read_text())["payloads"]:
            assert f'<th scope="rowgroup" colspan="6"><span>{payload["title"]}</span></th>' in text


class TestNames:
    def test_results_are_called_by_their_names_in_order(
        self, run: Run, result: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "theirs.json"
        other.write_bytes(result.read_bytes())
        names = ("--name", "GNU <tar> 1.34", "--name", "v2=final")

        status, _, stderr = run("report", result, other, "-o", tmp_path / "site", *names)

        assert status == 0, stderr
        text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        first = text.index('<span class="name">GNU &lt;tar&gt; 1.34</span>')
        assert first < text.index('<span class="name">v2=final</span>')
        assert '<span class="name">mine</span>' not in text

    def test_one_result_has_it_in_its_title(self, run: Run, result: Path, tmp_path: Path) -> None:
        run("report", result, "-o", tmp_path / "site", "--name", "nightly build")

        text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        assert "<title>nightly build: not conformant" in text

    @pytest.mark.parametrize(
        ("names", "phrase"),
        [
            (["a"], "--name is given once for 2 results: give one for each"),
            (["a", "b", "c"], "--name is given 3 times for 2 results: give one for each"),
            (["a", " "], "--name ' ', the name of "),
            (["", "b"], "--name '', the name of "),
            (["a\nb", "b"], "--name 'a\\nb', the name of "),
            (["a", "a"], "give each a name of its own"),
        ],
    )
    def test_names_that_do_not_fit_get_one_line(
        self, run: Run, result: Path, tmp_path: Path, names: list[str], phrase: str
    ) -> None:
        words = [word for name in names for word in ("--name", name)]

        status, stdout, stderr = run("report", result, result, "-o", tmp_path / "site", *words)

        assert status == 2
        assert stdout == ""
        assert stderr.startswith("injector-conformance: --name ")
        assert phrase in stderr
        assert len(stderr.splitlines()) == 1
        assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a report; name an output of check --json"),
        (b"{}", "not a report; name an output of check --json"),
        (b'{"schema": "injector-conformance/ladder/1"}', "not a report"),
        (b'{"schema": "9.0.0"}', f"schema 9.0.0, but this version reads {SCHEMA}"),
        (b'{"schema": "%s"}' % SCHEMA.encode(), "is a required property"),
    ],
)
def test_what_is_no_result_gets_one_line(
    run: Run, tmp_path: Path, content: bytes, phrase: str
) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)

    status, stdout, stderr = run("report", path, "-o", tmp_path / "site")

    assert status == 2
    assert stdout == ""
    assert stderr.startswith(f"injector-conformance: {path}: ")
    assert phrase in stderr
    assert len(stderr.splitlines()) == 1
    assert not (tmp_path / "site").exists()


def test_the_wrong_place_in_a_result_is_named(
    run: Run, tmp_path: Path, result: Path, ordinary: Document
) -> None:
    ordinary["requirements"][2]["cases"][1]["status"] = "x" * 5000
    result.write_text(json.dumps(ordinary))

    status, _stdout, stderr = run("report", result, "-o", tmp_path)

    assert status == 2
    assert "at $.requirements[2].cases[1].status:" in stderr
    assert len(stderr) < 500


@pytest.mark.parametrize("option", ["--ladder", "--bench"])
@pytest.mark.parametrize("content", [None, b"nothing", b"{}", b"[]", b'{"schema": "1.0.0"}'])
def test_what_holds_no_figures_gets_one_line(
    run: Run, tmp_path: Path, result: Path, option: str, content: bytes | None
) -> None:
    path = tmp_path / "figures.json"
    if content is not None:
        path.write_bytes(content)

    status, _stdout, stderr = run("report", result, "-o", tmp_path / "site", option, path)

    assert status == 2
    assert str(path) in stderr
    assert len(stderr.splitlines()) == 1
    assert "Traceback" not in stderr


def test_a_missing_result(run: Run, tmp_path: Path) -> None:
    status, _stdout, stderr = run("report", tmp_path / "none.json", "-o", tmp_path)

    assert status == 2
    assert "none.json: cannot be read: No such file or directory" in stderr


def test_a_place_that_cannot_be_written(run: Run, result: Path) -> None:
    status, _stdout, stderr = run("report", result, "-o", "/proc/no-such-folder")

    assert status == 3
    assert len(stderr.splitlines()) == 1


@pytest.mark.needs("namespaces")
def test_check_writes_the_page(run: Run, tmp_path: Path) -> None:
    subject = tmp_path / "poor-injector"
    subject.write_text("#!/bin/sh\nexit 1\n")
    subject.chmod(0o755)

    status, _stdout, _stderr = run(
        "check", "--case", "tar-format-v7", "--html", tmp_path / "r.html", "--", subject
    )

    assert status == 1
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<title>poor-injector: not conformant" in text
    assert "--case tar-format-v7 -- " in text

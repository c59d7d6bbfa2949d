"""``list``, ``explain`` and ``schema``: for people, for programs, and for whoever mistypes."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from injector_conformance.bench.baseline import SCHEMA_VERSION as BENCH
from injector_conformance.cli import main
from injector_conformance.reports.document import SCHEMA as REPORT
from injector_conformance.run import binary, catalogue
from injector_conformance.specification import spec


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


def plain(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What a command prints as JSON, which keeps the schema that ``schema`` prints."""
    content = json.loads(said(capsys, *words, "--json"))
    jsonschema.validate(content, json.loads(said(capsys, "schema", "lookup")))
    return content


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line that a wrong word gets."""
    try:
        status = main(words)
    except SystemExit as end:
        status = int(end.code or 0)
    seen = capsys.readouterr()
    assert status == 2
    assert seen.out == ""
    assert len(seen.err.splitlines()) == 1
    return seen.err


@pytest.mark.parametrize("word", ["TAR-3", "tar-3", "Tar-3"])
def test_a_requirement_however_it_is_spelled(
    capsys: pytest.CaptureFixture[str], word: str
) -> None:
    found = plain(capsys, "explain", word)

    assert found["kind"] == "requirement"
    assert found["id"] == "TAR-3"
    assert found["statement"] == spec.load().requirements["TAR-3"].statement
    assert said(capsys, "explain", word).startswith("TAR-3 · MUST")


@pytest.mark.parametrize("word", ["GZ-5A", "gz-5a"])
def test_a_requirement_with_a_letter(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert "GZ-5a" in spec.load().requirements
    assert plain(capsys, "explain", word)["id"] == "GZ-5a"


@pytest.mark.parametrize("word", ["TAR", "tar"])
def test_a_chapter(capsys: pytest.CaptureFixture[str], word: str) -> None:
    found = plain(capsys, "explain", word)
    own = [one.id for one in spec.load().requirements.values() if one.chapter == "TAR"]

    assert found["kind"] == "chapter"
    assert [one["id"] for one in found["requirements"]] == own
    text = said(capsys, "explain", word)
    assert all(f"{one} " in text for one in own)


@pytest.mark.parametrize("word", ["tar-size-pax-over-zero", "TAR-size-pax-over-ZERO"])
def test_a_case(capsys: pytest.CaptureFixture[str], word: str) -> None:
    found = plain(capsys, "explain", word)

    assert found["kind"] == "case"
    assert found["id"] == "tar-size-pax-over-zero"
    assert found["requirements"] == ["TAR-3"]
    assert all(one.startswith("completed") for one in found["expected"])


def test_a_check_of_the_binary(capsys: pytest.CaptureFixture[str]) -> None:
    for one in binary.CHECKS.values():
        assert plain(capsys, "explain", one.id)["title"] == one.title
        assert one.why[:20] in said(capsys, "explain", one.id)


def test_everything_that_there_is_can_be_told_to_a_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema = json.loads(said(capsys, "schema", "lookup"))
    judge = jsonschema.Draft202012Validator(schema)
    names = [*spec.load().chapters, *spec.load().requirements, *list(catalogue.load())[::40]]
    for name in names:
        assert main(("explain", name, "--json")) == 0
        judge.validate(json.loads(capsys.readouterr().out))


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = plain(capsys, "list", "--requirement", "tar-3")
    lines = said(capsys, "list", "--requirement", "TAR-3").splitlines()

    assert [one["id"] for one in found["cases"]] == [line.split()[0] for line in lines]
    assert all("TAR-3" in one["requirements"] for one in found["cases"])


@pytest.mark.parametrize("skip", ["GZ", "gz-1", "gz-*", "GZ-Magic-*"])
def test_what_is_skipped_is_not_listed(capsys: pytest.CaptureFixture[str], skip: str) -> None:
    every = {
        one["id"] for one in plain(capsys, "list", "--requirement", "gz", "--case", "*")["cases"]
    }
    some = {one["id"] for one in plain(capsys, "list", "--skip", skip)["cases"]}

    assert every - some
    assert any(one.startswith("tar-") for one in some)


@pytest.mark.parametrize("name", ["report", "bench", "lookup"])
def test_schemas_are_schemas(capsys: pytest.CaptureFixture[str], name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(said(capsys, "schema", name)))


def test_the_schemas_are_of_what_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    own = (resources.files("injector_conformance") / "reports/schema.json").read_text("utf-8")

    assert said(capsys, "schema") == own
    assert json.loads(own)["properties"]["schema"]["const"] == REPORT
    assert json.loads(said(capsys, "schema", "bench"))["properties"]["schema"]["const"] == BENCH


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("chekc",), "check"),
        (("explian", "TAR-3"), "explain"),
        (("Check",), "check"),
        (("check", "--requirment", "TAR-3"), "--requirement"),
        (("check", "--fail-fsat"), "--fail-fast"),
        (("list", "--cases=x"), "--case"),
        (("size", "--compair", "x", "y"), "--compare"),
        (("list", "--requirement", "trr-3"), "TAR-3"),
        (("list", "--skip", "tar-33x"), "TAR-3"),
        (("explain", "tar-size-pax-over-zeros"), "tar-size-pax-over-zero"),
        (("export", "tar-size-pax-over-zeros", "/nowhere/x"), "tar-size-pax-over-zero"),
        (("schema", "report", "--hlep"), "--help"),
    ],
)
def test_a_mistyped_word_is_told_what_was_meant(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], meant: str
) -> None:
    assert f"did you mean {meant}" in complaint(capsys, *words)


@pytest.mark.parametrize(
    "words", [("qqqqq",), ("check", "--qqqqq"), ("schema", "qqqqq"), (), ("explain",), ("-x",)]
)
def test_a_word_that_is_like_nothing_gets_one_line_too(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert "--help" in complaint(capsys, *words)


@pytest.mark.parametrize("columns", [10, 40, 80, 200])
def test_lines_are_as_wide_as_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for name in ("TAR-1", "gz-magic-swapped", "BOX"):
        lines = [one for one in said(capsys, "explain", name).splitlines() if one[:2] != "  "]
        prose = [line for line in lines if len(line.split()) > 8]

        assert all(len(line) <= max(columns, 45) for line in prose)

"""The zoo's expectations are explained, and hold of two of its programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.run import catalogue
from injector_conformance.specification import spec
from zookeeper import __main__ as command
from zookeeper import baselines, expectation, page
from zookeeper.__main__ import EXPECTED, Status
from zookeeper.programs import EVERY


def test_every_program_has_an_expectation_and_no_expectation_is_without_one() -> None:
    assert {path.stem for path in EXPECTED.glob("*.toml")} == set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_every_accusation_is_explained_and_exists(name: str) -> None:
    known = expectation.read(EXPECTED / f"{name}.toml")

    assert list(known.problems()) == []
    cases = {case for _, case in known.accused()}
    requirements = {requirement for requirement, _ in known.accused()}
    assert cases <= catalogue.load().keys()
    assert requirements <= spec.load().requirements.keys()


@pytest.mark.needs("root", "tar", "gzip", "busybox")
@pytest.mark.parametrize("name", ["gnu-tar", "busybox"])
def test_a_program_is_as_expected(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = command.main([name, "--requirement", "TAR-10", "--requirement", "BOX-2"])

    said = capsys.readouterr().out
    if ": skipped: expected is" in said:
        pytest.skip(said.strip())
    assert status == Status.AS_EXPECTED, said


def test_the_page_is_made_from_the_expectations() -> None:
    text = command.PAGE.read_text(encoding="utf-8")

    assert text == page.render(command.expectations(), spec.load())


@pytest.mark.parametrize("name", [one.name for one in EVERY.values() if one.is_historic])
def test_the_baselines_are_made_from_the_expectations(name: str, tmp_path: Path) -> None:
    baselines.write(tmp_path / "made.toml", expectation.read(EXPECTED / f"{name}.toml"))

    committed = (command.BASELINES / f"{name}.toml").read_text(encoding="utf-8")
    assert (tmp_path / "made.toml").read_text(encoding="utf-8") == committed


def test_an_unknown_program_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["pkzip"]) == Status.USAGE
    assert "there is no pkzip" in capsys.readouterr().err


def test_another_version_is_named_and_a_failure_where_it_is_required(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(EVERY["cpython"], version=lambda: "0.0")
    monkeypatch.setattr(command, "EVERY", {**EVERY, "cpython": other})
    monkeypatch.setattr(command, "_lack", lambda _: "")

    assert command.main(["cpython"]) == Status.AS_EXPECTED
    assert "cpython: skipped: expected is 1.2.0, here is 0.0" in capsys.readouterr().out
    assert command.main(["cpython", "--require-all"]) == Status.UNJUDGED


def test_a_missing_program_is_named_and_a_failure_where_it_is_required(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")

    assert command.main(["bsdtar"]) == Status.AS_EXPECTED
    assert "bsdtar: skipped: not on PATH: bsdtar" in capsys.readouterr().out
    assert command.main(["bsdtar", "--require-all"]) == Status.UNJUDGED

"""Exported cases: everything that another harness needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from injector_conformance.cases.case import Completes, Conditions
from injector_conformance.cli import main
from injector_conformance.cli.export import export
from injector_conformance.run import catalogue
from injector_fixtures import mtree


def test_a_case_with_a_tree(tmp_path: Path) -> None:
    case = catalogue.load()["tar-format-v7"]
    export(case, tmp_path)

    document = json.loads((tmp_path / "case.json").read_text())
    chunks = sorted((tmp_path / "init").glob("zarf-payload-*"))
    expected = case.expect[0]
    assert isinstance(expected, Completes)
    assert document["arguments"] == [case.init().sha256]
    assert b"".join(chunk.read_bytes() for chunk in chunks) == case.init().payload
    tree = mtree.read((tmp_path / document["expect_any_of"][0]["tree"]).read_text())
    assert tree == expected.tree


def test_every_case_can_be_exported(tmp_path: Path) -> None:
    """Every case but the large ones, which would only repeat themselves."""
    small = [
        case
        for case in catalogue.load().values()
        if "RUN-10" not in "".join(case.requirements) and case.conditions == Conditions()
    ]
    for case in small[:: max(1, len(small) // 60)]:
        target = tmp_path / case.id
        target.mkdir()
        export(case, target)
        document = json.loads((target / "case.json").read_text())
        assert document["id"] == case.id
        assert (document["control"] is None) == (case.control is None)


def test_an_existing_directory_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept").touch()

    assert main(["export", "tar-format-v7", str(tmp_path)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]

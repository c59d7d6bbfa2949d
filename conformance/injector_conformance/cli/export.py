"""``injector-conformance export``: a case as files, for harnesses in other languages."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from injector_conformance.cases.case import (
    Argument,
    Case,
    Completes,
    Conditions,
    Expectation,
    Serves,
)
from injector_conformance.exchange import PLAIN
from injector_conformance.exchange.files import plain
from injector_conformance.profiles import DEFAULT, PROFILES
from injector_conformance.run import catalogue
from injector_fixtures import mtree
from injector_fixtures.layout import lay_out
from injector_fixtures.tree import Tree


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "export",
        help="write a case as files",
        description="Write a case into DIR: init/ (the init directory), tree-N.mtree for each"
        " tree that is allowed, control/ and control.mtree for the positive control, existing/"
        " for what the output directory holds before, and case.json with everything else.",
    )
    parser.add_argument("id", metavar="ID", help="case, or a pattern of case ids")
    parser.add_argument("directory", metavar="DIR", type=Path, help="is made; must not exist")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the files."""
    cases = catalogue.matching(catalogue.load(), arguments.id)
    directory: Path = arguments.directory
    if directory.exists():
        raise catalogue.SelectionError(f"{directory} exists already; name a new directory")
    for case in cases:
        target = directory if len(cases) == 1 else directory / case.id
        target.mkdir(parents=True)
        export(case, target)
        print(f"{case.id} -> {target}")
    return 0


def export(case: Case, directory: Path) -> None:
    """Write one case into an empty directory."""
    init = case.init()
    (directory / "init").mkdir()
    init.write(directory / "init")
    if case.conditions.existing:
        (directory / "existing").mkdir()
        lay_out(case.conditions.existing, directory / "existing")
    if case.control is not None:
        (directory / "control").mkdir()
        case.control.init().write(directory / "control")
        _write_tree(case.control.tree, directory / "control.mtree")
    expected = [
        _expectation(one, number, directory) for number, one in enumerate(case.expect, start=1)
    ]
    address = case.conditions.address
    words = {
        profile.id: list(profile.arguments(case.argument, init, address))
        for profile in PROFILES.values()
    }
    document = {
        "schema": "1.0.0",
        "id": case.id,
        "title": case.title,
        "why": case.why,
        "origin": case.origin,
        "others": case.others,
        "requirements": list(case.requirements),
        "arguments": words[DEFAULT.id],
        "arguments_by_profile": words,
        "payload_sha256": init.sha256,
        "conditions": _conditions(case.conditions),
        "expect_any_of": expected,
        "exchange": None if case.exchange == PLAIN else plain(case.exchange),
        "control": _control(case),
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    (directory / "case.json").write_text(text, encoding="utf-8")


def _expectation(one: Expectation, number: int, directory: Path) -> dict[str, Any]:
    if isinstance(one, Completes):
        file = f"tree-{number}.mtree"
        _write_tree(one.tree, directory / file)
        return {"outcome": ["completed"], "tree": file, "memory_growth": one.memory_growth}
    if isinstance(one, Serves):
        said = [text.decode("utf-8", "backslashreplace") for text in one.says]
        return {"outcome": ["completed"], "output_contains": said}
    return {
        "outcome": ["rejected", "aborted"],
        "output_untouched": one.untouched,
        "stderr_contains": [text.decode("utf-8", "backslashreplace") for text in one.says],
    }


def _control(case: Case) -> dict[str, Any] | None:
    if case.control is None:
        return None
    digest = case.control.init().sha256
    words = [] if case.argument is Argument.NONE else [digest]
    conditions = case.control.conditions or case.conditions
    return {
        "init": "control",
        "arguments": words,
        "tree": "control.mtree",
        "conditions": _conditions(conditions),
    }


def _conditions(conditions: Conditions) -> dict[str, Any]:
    plain = {
        name: getattr(conditions, name)
        for name in Conditions.__dataclass_fields__
        if name != "existing"
    }
    return {**plain, "existing": "existing" if conditions.existing else None}


def _write_tree(tree: Tree, path: Path) -> None:
    path.write_text(mtree.write(tree), encoding="ascii")

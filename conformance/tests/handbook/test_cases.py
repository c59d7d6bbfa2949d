"""The list of cases: it is current, whole, and links to the specification."""

from __future__ import annotations

from pathlib import Path

from handbook import cases
from injector_conformance.cases.case import Check
from injector_conformance.run import binary, catalogue
from injector_conformance.specification import spec

TOP = Path(__file__).resolve().parents[3]


def listed() -> str:
    return cases.render(spec.load(), [*catalogue.load().values(), *binary.CHECKS.values()])


def test_it_is_current() -> None:
    text = (TOP / "docs" / "cases.md").read_text(encoding="utf-8")

    assert text == listed(), "docs/cases.md is out of date: make site"


def test_every_case_and_every_requirement_is_in_it() -> None:
    text = listed()

    assert [one for one in catalogue.load() if f"| `{one}` |" not in text] == []
    assert [one for one in spec.load().requirements if f"### {one}\n" not in text] == []


def test_a_title_stays_in_its_cell() -> None:
    odd = Check(
        id="tar-odd",
        title="a | b `c` <d>\n[e](f) & g",
        why="w",
        origin="o",
        requirements=("TAR-1",),
    )

    text = cases.render(spec.load(), [odd])

    assert "| `tar-odd` | a \\| b \\`c\\` \\<d\\> \\[e\\](f) &amp; g | o |\n" in text

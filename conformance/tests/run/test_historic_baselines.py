"""The baselines of historic builds, made from runs of their stand-ins, cover SPEC.md's record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from injector_conformance.run import catalogue
from injector_conformance.run.baseline import read
from injector_conformance.specification import spec

ROOT = Path(__file__).parents[3]
BASELINES = sorted((ROOT / "fixtures" / "baselines").glob("*.toml"))
RANGE = re.compile(r"([A-Z]+)-(\d+) to \1-(\d+)")


def recorded() -> set[str]:
    """The requirements that SPEC.md's record of historic builds names."""
    text = (ROOT / "reference" / "SPEC.md").read_text(encoding="utf-8")
    section = text.split("## Known deviations of historic builds")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")]
    found = set(re.findall(r"[A-Z]+-\d+[a-z]?", " ".join(rows)))
    for chapter, first, last in RANGE.findall(" ".join(rows)):
        found |= {f"{chapter}-{number}" for number in range(int(first), int(last) + 1)}
    return found


@pytest.mark.parametrize("path", BASELINES, ids=lambda path: path.stem)
def test_every_baseline_is_one(path: Path) -> None:
    specification = spec.load()
    baseline = read(path, specification.requirements, catalogue.load())

    assert all(entry.reason for entry in baseline.entries)


def test_the_record_is_covered() -> None:
    accepted = set()
    for path in BASELINES:
        entries = read(path, spec.load().requirements, catalogue.load()).entries
        accepted |= {entry.requirement for entry in entries}

    # A link into the init directory changes modes there as far as they can be changed: the program
    # itself comes before the chunks, and where it is read-only, as in a pod, the pass ends at it.
    assert recorded() - {"PAY-8"} <= accepted

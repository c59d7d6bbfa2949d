"""The page that tells the ladder as a story: its figures are the ladder's."""

from __future__ import annotations

import re
from pathlib import Path

from injector_conformance.size.ladder.figures import MACHINES, read

DOCS = Path(__file__).resolve().parents[3] / "docs"


def rows() -> list[tuple[list[str], bool]]:
    """The figures of each row of the first two tables, and whether they are rounded ones."""
    steps = (DOCS / "size.md").read_text(encoding="utf-8").partition("## What the free")[0]
    found = []
    for line in steps.splitlines():
        figures = re.findall(r"\d{1,3}(?:,\d{3})+", "|".join(line.split("|")[2:4]))
        if line.startswith("|") and figures:
            found.append((figures, "≈" in line))
    return found


def test_every_row_is_a_rung() -> None:
    rungs = [
        ([f"{rung.bytes[m]:,}" for m in MACHINES if m in rung.bytes], not rung.exact)
        for rung in read(DOCS / "ladder.json").rungs
    ]

    assert rows()
    for row in rows():
        assert row in rungs
    assert sorted(rows()) == sorted(rungs)

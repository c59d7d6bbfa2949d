"""The matrix as a drawing in SVG: mutants down, requirements across, for light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from injector_conformance.specification.spec import Specification
from kill_matrix.document import JUDGED_CHAPTERS, Matrix
from kill_matrix.row import Row

NAMESPACE: Final = "http://www.w3.org/2000/svg"
CELL: Final = 12
NAMES: Final = 250
"""Width of the column of names, in pixels, as everything here."""
HEADING: Final = 62
GAP: Final = 10
MARGIN: Final = 12
DOT: Final = 4.2
SMALL_DOT: Final = 1.6

STYLE: Final = """\
svg { color-scheme: light dark; font: 9px ui-monospace, Menlo, Consolas, monospace; }
.paper { fill: #ffffff; } .ink { fill: #1f2328; } .pale { fill: #59636e; }
.band { fill: #f3f5f7; } .line { stroke: #d5dae0; stroke-width: 0.5; }
.kill { fill: #1a7f37; } .also { fill: none; stroke: #bc4c00; stroke-width: 1.4; }
.both { fill: #818b98; } .missed { fill: #cf222e; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #0d1117; } .ink { fill: #e6edf3; } .pale { fill: #9198a1; }
  .band { fill: #151b23; } .line { stroke: #3d444d; }
  .kill { fill: #3fb950; } .also { stroke: #f0883e; } .both { fill: #656c76; }
  .missed { fill: #f85149; }
}
"""


def render(matrix: Matrix, specification: Specification) -> str:
    """The whole drawing."""
    columns = [
        one.id for one in specification.requirements.values() if one.chapter in JUDGED_CHAPTERS
    ]
    body: list[str] = []
    y = MARGIN
    for chapter, rows in _groups(matrix):
        body += _heading(chapter, columns, y)
        y += HEADING
        for number, row in enumerate(rows):
            body += _row(row, number, columns, y)
            y += CELL
        y += GAP
    width = 2 * MARGIN + NAMES + len(columns) * CELL
    height = y + MARGIN
    return "\n".join(
        (
            f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {width} {height}" role="img">',
            "<title>The kill matrix: mutants and the requirements that catch them</title>",
            f"<style>\n{STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *body,
            "</svg>\n",
        )
    )


def _groups(matrix: Matrix) -> Iterator[tuple[str, Sequence[Row]]]:
    for chapter in JUDGED_CHAPTERS:
        yield chapter, matrix.of_chapter(chapter)
    yield "programs of their own", matrix.programs()


def _heading(title: str, columns: Sequence[str], y: int) -> Iterator[str]:
    base = y + HEADING - 6
    yield f'<text class="ink" x="{MARGIN}" y="{base}" font-weight="bold">{title}</text>'
    for number, column in enumerate(columns):
        x = MARGIN + NAMES + number * CELL + CELL * 3 // 4
        kind = "ink" if column.partition("-")[0] == title else "pale"
        yield (
            f'<text class="{kind}" transform="translate({x} {base}) rotate(-90)">{column}</text>'
        )


def _row(row: Row, number: int, columns: Sequence[str], y: int) -> Iterator[str]:
    width = NAMES + len(columns) * CELL
    if number % 2 == 0:
        yield f'<rect class="band" x="{MARGIN}" y="{y}" width="{width}" height="{CELL}"/>'
    yield f"<g><title>{escape(row.mutant)} ({row.breaks}): {escape(row.flaw)}</title>"
    yield f'<text class="ink" x="{MARGIN + 4}" y="{y + CELL - 3}">{escape(row.mutant)}</text>'
    for place, column in enumerate(columns):
        x = MARGIN + NAMES + place * CELL + CELL / 2
        yield from _cell(row, column, x, y + CELL / 2)
    yield "</g>"


def _cell(row: Row, column: str, x: float, y: float) -> Iterator[str]:
    if column == row.breaks:
        yield f'<circle class="{"kill" if row.kills else "missed"}" cx="{x}" cy="{y}" r="{DOT}"/>'
    elif row.is_program:
        if column in row.collateral or column in row.shared:
            yield f'<circle class="both" cx="{x}" cy="{y}" r="{SMALL_DOT}"/>'
    elif column in row.collateral:
        yield f'<circle class="also" cx="{x}" cy="{y}" r="{DOT - 1}"/>'
    elif column in row.shared:
        yield f'<circle class="both" cx="{x}" cy="{y}" r="{SMALL_DOT}"/>'

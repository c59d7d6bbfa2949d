"""The ladder as a picture: a row per rung, a dot per machine, on a logarithmic scale.

Dots and not bars: a bar's length says "how much", and on a logarithmic scale it has none to say.
Both colour schemes are in the one file; whatever shows it picks one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from typing import Final

from injector_conformance.size.ladder.figures import MACHINES, Ladder, Rung

WIDTH: Final = 1000
LABEL_END: Final = 330
PLOT: Final = (350, 780)
COLUMNS: Final = (885, 985)
"""Pixels: where labels end, where the plot begins and ends, where the columns of figures end."""

SCALE: Final = (8_000, 1_500_000)
TICKS: Final = (10_000, 20_000, 50_000, 100_000, 200_000)
"""None beside the limits, which are marked for themselves."""

SHIFTS: Final = (-4, 4)
"""How far a machine's dot is from the middle of its row, so that neither hides the other."""

TOP: Final = 118
ROW: Final = 26
GROUP: Final = 34
FOOT: Final = 46

STYLE: Final = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
  .title { font-size: 18px; font-weight: 600; } .group { font-weight: 600; }
  .faint, .limit-label { font-size: 12px; }
  .figure { text-anchor: end; font-variant-numeric: tabular-nums; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
  .limit { stroke-width: 1.5; } .aarch64 { stroke-width: 2; }
  .ground, .aarch64 { fill: #ffffff; } text { fill: #1f2328; } .faint { fill: #656d76; }
  .tick { stroke: #d8dee4; } .over { fill: #fdecea; }
  .limit { stroke: #b42318; } .limit-label { fill: #b42318; }
  .x86_64 { fill: #0b63c5; } .aarch64 { stroke: #b35900; }
  @media (prefers-color-scheme: dark) {
    .ground, .aarch64 { fill: #0d1117; } text { fill: #e6edf3; } .faint { fill: #9198a1; }
    .tick { stroke: #30363d; } .over { fill: #2d1517; }
    .limit { stroke: #ff7b72; } .limit-label { fill: #ff7b72; }
    .x86_64 { fill: #6cb6ff; } .aarch64 { stroke: #f0a050; }
  }
"""
"""Plain rules twice, and no variables: some renderers know neither those nor dark schemes."""


def render(ladder: Ladder) -> str:
    """The whole picture, as SVG."""
    groups = ladder.groups()
    bottom = TOP + sum(GROUP + ROW * len(rungs) for _, rungs in groups) + 8
    height = bottom + FOOT
    body = [
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
        *_scale(ladder, bottom),
        *_legend(),
    ]
    y = TOP
    for group, rungs in groups:
        y += GROUP
        body.append(_text(20, y - 8, group, "group"))
        for rung in rungs:
            body += _row(rung, y + ROW // 2)
            y += ROW
    body.append(
        _text(20, height - 16, f"Measured {ladder.date}. ≈ rounded by its source.", "faint")
    )
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    named = 'role="img" aria-labelledby="title description"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named}>',
            '<title id="title">Sizes of Zarf injectors, by recipe and machine</title>',
            f'<desc id="description">{escape(_description(ladder))}</desc>',
            f"<style>{STYLE}</style>",
            *body,
            "</svg>",
            "",
        ]
    )


def place(size: int) -> float:
    """Where a size stands on the scale, in pixels from the left."""
    low, high = (math.log(end) for end in SCALE)
    start, end = PLOT
    return start + (math.log(size) - low) / (high - low) * (end - start)


def _scale(ladder: Ladder, bottom: int) -> Iterable[str]:
    over = max(limit.bytes for limit in ladder.limits)
    yield (
        f'<rect class="over" x="{place(over):.1f}" y="{TOP}" '
        f'width="{PLOT[1] - place(over):.1f}" height="{bottom - TOP}"/>'
    )
    for tick in TICKS:
        yield _line(place(tick), TOP, place(tick), bottom, "tick")
        yield _text(place(tick), bottom + 18, f"{tick // 1000} kB", "faint middle")
    for number, limit in enumerate(sorted(ladder.limits, key=lambda one: one.bytes)):
        x = place(limit.bytes)
        y = TOP - 8 - 18 * number
        yield _line(x, y + 4, x, bottom, "limit")
        yield _text(x - 6, y, limit.label, "limit-label end")


def _legend() -> Iterable[str]:
    yield _text(20, 36, "How small can an injector be?", "title")
    yield _text(20, 58, "File size in bytes, logarithmic scale; further left is smaller", "faint")
    for machine, end in zip(MACHINES, COLUMNS, strict=True):
        yield f'<circle class="{machine}" cx="{end - 64}" cy="{TOP - 12}" r="5"/>'
        yield _text(end, TOP - 8, machine, "figure")


def _row(rung: Rung, y: int) -> Iterable[str]:
    yield _text(LABEL_END, y + 4, rung.label, "end")
    yield _line(PLOT[0], y, PLOT[1], y, "tick")
    for machine, end, shift in zip(MACHINES, COLUMNS, SHIFTS, strict=True):
        size = rung.bytes.get(machine)
        about = "" if rung.exact else "≈ "
        yield _text(end, y + 4, "" if size is None else f"{about}{size:,}", "figure")
        if size is not None:
            yield f'<circle class="{machine}" cx="{place(size):.1f}" cy="{y + shift}" r="5"/>'


def _description(ladder: Ladder) -> str:
    rows = [
        f"{rung.label}: "
        + ", ".join(f"{size:,} bytes on {machine}" for machine, size in rung.bytes.items())
        for rung in ladder.rungs
    ]
    limits = [f"limit {limit.label}: {limit.bytes:,} bytes" for limit in ladder.limits]
    return "; ".join(rows + limits) + "."


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'

"""Binaries side by side, as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from injector_conformance.size.compare import earlier_bytes
from injector_conformance.size.measure import Sizes
from injector_conformance.specification.spec import load

GAP: Final = "   "


def render(binaries: Sequence[Sizes], earlier: Mapping[str, int] | None = None) -> str:
    """The table: a row per fact, a column per binary.

    Args:
        binaries: at least one.
        earlier: bytes by path of an earlier measurement; adds a row with the difference.
    """
    rows: list[tuple[str, list[str]]] = [("", _names([one.path for one in binaries]))]
    rows += [(label, [show(one) for one in binaries]) for label, show in FACTS]
    if earlier is not None:
        alone = len(binaries) == 1
        rows.insert(2, ("change", [_change(one, earlier, alone) for one in binaries]))
    rows += _parts(binaries)
    rows += _verdicts(binaries)
    label_width = max(len(label) for label, _ in rows)
    widths = [max(len(cells[n]) for _, cells in rows) for n in range(len(binaries))]
    lines = [
        GAP.join(
            [label.ljust(label_width)]
            + [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        ).rstrip()
        for label, cells in rows
    ]
    return "\n".join(lines + _reasons(binaries)) + "\n"


def _names(paths: Sequence[str]) -> list[str]:
    """As much of the end of each path as it takes to tell them apart."""
    parts = [path.split("/") for path in paths]
    for depth in range(1, max(map(len, parts)) + 1):
        names = ["/".join(one[-depth:]) for one in parts]
        if len(set(names)) == len(set(paths)):
            return names
    return list(paths)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


FACTS: tuple[tuple[str, Callable[[Sizes], str]], ...] = (
    ("bytes", lambda one: f"{one.facts.size:,}"),
    ("headroom", lambda one: f"{one.headroom:,} of 1,048,576"),
    ("as base64", lambda one: f"{one.base64:,}"),
    ("du --si", lambda one: one.du),
    ("machine", lambda one: f"{one.facts.machine}, {one.facts.bits}-bit"),
    ("kind", lambda one: one.facts.kind),
    ("static", lambda one: _yes(one.facts.static)),
    ("interpreter", lambda one: one.facts.interpreter or "none"),
    ("libraries", lambda one: ", ".join(one.facts.needed) or "none"),
    ("stripped", lambda one: _yes(one.facts.stripped)),
    ("stack", lambda one: one.facts.stack.value),
    ("writable code", lambda one: _yes(one.facts.writable_code)),
)


def _change(one: Sizes, earlier: Mapping[str, int], alone: bool) -> str:
    before = earlier_bytes(one.path, earlier, alone)
    if before is None:
        return "new"
    difference = one.facts.size - before
    if not before:
        return f"{difference:+,}"
    return f"{difference:+,} ({difference / before:+.1%}) from {before:,}"


def _parts(binaries: Sequence[Sizes]) -> list[tuple[str, list[str]]]:
    sizes: list[dict[str, int]] = [{} for _ in binaries]
    for one, sums in zip(binaries, sizes, strict=True):
        for part in one.facts.parts:
            sums[part.name] = sums.get(part.name, 0) + part.size
    names = sorted(
        {name for sums in sizes for name in sums},
        key=lambda name: (-max(sums.get(name, 0) for sums in sizes), name),
    )
    width = max(len(f"{size:,}") for sums in sizes for size in sums.values())
    return [
        (f"  {name}", [f"{sums[name]:>{width},}" if name in sums else "" for sums in sizes])
        for name in names
    ]


def _verdicts(binaries: Sequence[Sizes]) -> list[tuple[str, list[str]]]:
    requirements = sorted(
        {judgement.requirement for one in binaries for judgement in one.judgements}
    )
    verdicts = [
        {judgement.requirement: judgement.passed for judgement in one.judgements}
        for one in binaries
    ]
    levels = load().requirements
    words = {True: "passed", False: "FAILED", None: "no figure"}
    return [
        (
            f"{requirement} {levels[requirement].level}",
            [words[verdict.get(requirement)] for verdict in verdicts],
        )
        for requirement in requirements
    ]


def _reasons(binaries: Sequence[Sizes]) -> list[str]:
    return [
        f"{one.path}: {judgement.requirement}: {judgement.message}"
        for one in binaries
        for judgement in one.judgements
        if not judgement.passed
    ]

"""The report on those who serve for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from injector_conformance.bench import table
from injector_conformance.bench.document import Document
from injector_conformance.bench.serving.figures import SERIES, TOO_BUSY

_KIBIBYTE: Final = 1024
_MEBIBYTE: Final = 1024 * 1024
_MILLION: Final = 1e6
_THOUSAND: Final = 1e3


@dataclass(frozen=True, slots=True)
class Column:
    """How a metric is shown.

    Attributes:
        heading: its name and unit.
        show: the value for people.
        is_rate: whether it is shown as how many there are in a second, and its ratio likewise:
            more is better then.
    """

    heading: str
    show: Callable[[float], str]
    is_rate: bool = False


def _memory(size: float) -> str:
    if size < _MEBIBYTE:
        return f"{size / _KIBIBYTE:,.0f} KiB"
    return f"{size / _MEBIBYTE:,.1f} MiB"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * _THOUSAND:,.2f} ms"


_COLUMNS: Final[Mapping[tuple[str, str], Column]] = {
    ("GB", "wall"): Column("MB/s", lambda cost: f"{_THOUSAND / cost:,.0f}", is_rate=True),
    ("GB", "cpu"): Column("CPU s/GB", lambda cost: f"{cost:.3f}"),
    ("request", "wall"): Column("requests/s", lambda cost: f"{1 / cost:,.0f}", is_rate=True),
    ("request", "cpu"): Column("CPU µs each", lambda cost: f"{cost * _MILLION:,.1f}"),
    ("request", "median"): Column("median", _milliseconds),
    ("request", "tail"): Column("99 in 100", _milliseconds),
    ("start", "wall"): Column("ready", _milliseconds),
    ("start", "size"): Column("peak", _memory),
    ("", "size"): Column("resident", _memory),
}
"""By unit and metric."""


def figure(one: Document, titles: Mapping[str, str]) -> Iterator[str]:
    """A table of one figure: medians, spreads, and how many times the control's they are."""
    count = one["rounds"]
    yield f"{one['id']} · {one['title']} · {count:,} round{'' if count == 1 else 's'}"
    results = one["results"]
    if not results:
        yield from table.failures(one, titles)
        return
    metrics = [metric for unit, metric in _COLUMNS if unit == one["unit"]]
    shown = [(_COLUMNS[one["unit"], metric], metric) for metric in metrics if metric in results[0]]
    header = "".join(f"{column.heading:>16}{'/nginx':>8}" for column, _ in shown)
    yield f"  {'':{table.NAME_WIDTH}}{header}"
    for result in results:
        cells = "".join(_cells(column, result[metric]) for column, metric in shown)
        load = result.get("load", 0)
        note = f"  the load took {load:.2f} of a processor" if load >= TOO_BUSY else ""
        yield f"  {table.named(result, titles)}{cells}{note}"
    yield from table.failures(one, titles)


def ending(document: Document) -> Iterator[str]:
    """What follows the tables: growth, what is missing and why, and a comparison's verdict."""
    titles = {one["id"]: one["title"] for one in document["contestants"]}
    if document["growth"]:
        yield ""
        yield from _growth(document["growth"], titles)
    for one in document["skipped"]:
        yield f"not measured  {one['figure']}: {one['reason']}"
    for one in document["missing"]:
        yield f"missing  {one['contestant']}: {one['reason']}"
    if "comparison" in document:
        yield ""
        yield from table.comparison(document["comparison"])


def _cells(column: Column, found: Mapping[str, Any]) -> str:
    half = (found["high"] - found["low"]) / 2 / found["value"] if found["value"] else 0.0
    spread = f"±{half:.0%}" if found["confidence"] else "±?"
    ratio = found.get("times_control", {}).get("value")
    if ratio is not None and column.is_rate:
        ratio = 1 / ratio
    told = "" if ratio is None else f"{ratio:.2f}"
    return f"{column.show(found['value']) + f'{spread:>5}':>16}{told:>8}"


def _growth(found: Sequence[Document], titles: Mapping[str, str]) -> Iterator[str]:
    yield "growth · the cost above the floor grows as value ** exponent; 1 is linear"
    for one in found:
        if one["points"]:
            told = f"{one['value']:.2f}  [{one['low']:.2f}, {one['high']:.2f}]"
        else:
            told = "does not rise"
        note = "  more than linear" if one.get("low", 0) > table.LINEAR else ""
        yield f"  {one['group']:<8}{one['metric']:<6}{told:<22}{titles[one['contestant']]}{note}"
    named = dict.fromkeys(one["group"] for one in found)
    for series in SERIES:
        if series.group in named:
            yield f"  {series.group}: {series.title}"

"""The report of a benchmark for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from injector_conformance.bench.document import Document
from injector_conformance.bench.gate import Verdict
from injector_conformance.bench.recipes import DIMENSIONS

_KIBIBYTE: Final = 1024
_MEBIBYTE: Final = 1024 * 1024
NAME_WIDTH: Final = 28
LINEAR: Final = 1.05
"""The least exponent that is called more than linear."""


def heading(subject: str, machine: Mapping[str, Any], where: str) -> str:
    """Who runs where."""
    processor = machine["processor"] or machine["machine"]
    return (
        f"zarf-injector benchmark · {processor}, {machine['processors']} processors · {where}"
        f" · load {machine['load']:.1f}\nsubject  {subject}"
    )


def payload(one: Document, titles: Mapping[str, str]) -> Iterator[str]:
    """A table of one payload: medians, spreads, ratios to the control, peaks."""
    yield (
        f"{one['id']} · {one['title']} · {_bytes(one['compressed'])} in"
        f" {_count(one['chunks'], 'chunk')} · {_count(one['rounds'], 'round')}"
    )
    yield f"  {'':{NAME_WIDTH}}{'wall':>17}{'/GNU':>7}{'CPU':>17}{'/GNU':>7}{'peak':>11}"
    for result in one["results"]:
        name = named(result, titles)
        cells = "".join(
            f"{result[metric]['value']:>10.4f} s{_spread(result[metric]):>5}"
            f"{result[metric]['times_control']['value']:>7.2f}"
            for metric in ("wall", "cpu")
        )
        yield f"  {name}{cells}{_memory(result['peak']):>11}"
    yield from failures(one, titles)


def named(result: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Whose result it is, as wide as all names are."""
    name = titles[result["contestant"]]
    if len(name) > NAME_WIDTH - 1:
        name = name[: NAME_WIDTH - 2] + "…"
    return name.ljust(NAME_WIDTH)


def failures(one: Document, titles: Mapping[str, str]) -> Iterator[str]:
    """Who is out, and why."""
    for failure in one["failed"]:
        yield f"  {titles[failure['contestant']]}: {failure['reason']}"


def ending(document: Document) -> Iterator[str]:
    """What follows the tables: growth, what is missing and why, and a comparison's verdict."""
    titles = {one["id"]: one["title"] for one in document["contestants"]}
    if document["growth"]:
        yield ""
        yield from _growth(document["growth"], titles)
    for one in document["skipped"]:
        yield f"skipped  {one['payload']}: {one['reason']}"
    for one in document["missing"]:
        yield f"missing  {one['contestant']}: {one['reason']}"
    if "comparison" in document:
        yield ""
        yield from comparison(document["comparison"])


def _growth(found: Sequence[Document], titles: Mapping[str, str]) -> Iterator[str]:
    known = {dimension.name: dimension.title for dimension in DIMENSIONS}
    yield "growth · CPU time above the floor grows as value ** exponent; 1 is linear"
    for one in (one for one in found if one["metric"] == "cpu"):
        interval = f"{one['value']:.2f}  [{one['low']:.2f}, {one['high']:.2f}]"
        note = "  more than linear" if one["low"] > LINEAR else ""
        yield (f"  {one['dimension']:<9}{interval:<22}{titles[one['contestant']]}{note}")
    for name in dict.fromkeys(one["dimension"] for one in found):
        yield f"  {name}: {known[name]}"


def comparison(found: Document) -> Iterator[str]:
    """What a comparison with a baseline said."""
    limit, verdict = found["limit"], Verdict(found["verdict"])
    yield f"against the baseline · how many times its share of the control's; limit {limit:g}"
    for one in found["judgements"]:
        change = one["times_baseline"]
        yield (
            f"  {one['payload']:<16}{one['metric']:<6}{change['value']:>6.3f}"
            f"  [{change['low']:.3f}, {change['high']:.3f}]  {one['rounds']:>3} rounds"
            f"  {one['verdict']}{': ' if 'reason' in one else ''}{one.get('reason', '')}"
        )
    named = ", ".join(
        f"{one['dimension']} ({one['metric']} on {one['payload']})"
        for one in found["judgements"]
        if one["verdict"] == verdict
    )
    yield ""
    match verdict:
        case Verdict.KEPT:
            yield f"verdict: within {limit:g} times the baseline"
        case Verdict.REGRESSED:
            yield f"verdict: REGRESSED in {named}"
        case Verdict.INCONCLUSIVE:
            yield (
                f"verdict: inconclusive in {named or 'all'}: not to be told from the limit in the"
                " rounds given; try a quieter machine, more --rounds, or --metric cpu"
            )


def _bytes(size: int) -> str:
    for unit, name in ((1_000_000, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} bytes"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" + ("" if number == 1 else "s")


def _spread(estimate: Mapping[str, float]) -> str:
    if not estimate["confidence"]:
        return "±?"
    half = (estimate["high"] - estimate["low"]) / 2 / estimate["value"]
    return f"±{half:.0%}"


def _memory(peak: Mapping[str, Any]) -> str:
    size = peak["size"]
    about = "~" if peak["method"] == "sampled" else ""
    if size < _MEBIBYTE:
        return f"{about}{size / _KIBIBYTE:.0f} KiB"
    return f"{about}{size / _MEBIBYTE:.1f} MiB"

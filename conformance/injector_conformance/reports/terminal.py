"""The report for a terminal: a line per chapter, every failure explained, the verdict."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from injector_conformance.describe import listed
from injector_conformance.reports import claim
from injector_conformance.reports.document import Document

BAR: Final = 20
"""Columns of a chapter's bar."""

MOST_CASES: Final = 3
"""How many failed cases of a requirement are explained; the others are counted."""

_SHOWN_DETAILS: Final = ("version", "filesystem", "image", "platform", "machine")
"""What the heading tells of the sandbox; the JSON report has all of it."""

_OUTPUT_LINES: Final = 6
_BAD: Final = ("failed", "unexpected-pass", "harness-error")
_ESCAPES: Final = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}


class Palette:
    """Colours, or none."""

    def __init__(self, *, enabled: bool) -> None:
        """Colours are written only if ``enabled``."""
        self._enabled = enabled

    def __call__(self, colour: str, text: str) -> str:
        """The text in a colour."""
        return f"\x1b[{_ESCAPES[colour]}m{text}\x1b[0m" if self._enabled else text


def heading(document: Document, paint: Palette) -> Iterator[str]:
    """What is judged, by what, where."""
    sandbox = document["sandbox"]
    details = " ".join(sandbox[key] for key in _SHOWN_DETAILS if key in sandbox)
    yield paint(
        "bold",
        f"zarf-injector conformance · spec {document['spec']} · profile {document['profile']}"
        f" · sandbox {sandbox['driver']} {details}".rstrip(),
    )
    subject = document["subject"]
    kind = f"ELF {subject['machine']}, static" if not subject["interpreted"] else "interpreted"
    yield (
        f"subject  {shlex.join(subject['command'])}   {subject['size']:,} bytes · {kind}"
        f" · sha256 {subject['sha256'][:8]}…{subject['sha256'][-4:]}"
    )


def render(
    document: Document, chapters: dict[str, str], paint: Palette, seconds: float
) -> Iterator[str]:
    """The lines of the whole report, after the heading.

    Args:
        document: from :func:`document.build`.
        chapters: title by chapter, in order.
        paint: how to colour.
        seconds: wall time of the run.
    """
    by_chapter: dict[str, list[Document]] = defaultdict(list)
    for requirement in document["requirements"]:
        by_chapter[requirement["chapter"]].append(requirement)
    width = max((len(title) for title in chapters.values()), default=0)
    for chapter, title in chapters.items():
        if chapter in by_chapter:
            yield _chapter_line(chapter, title.ljust(width), by_chapter[chapter], paint)
    yield ""
    yield _summary(document, seconds)
    for requirement in document["requirements"]:
        if requirement["status"] != "passed":
            yield ""
            yield from _requirement(requirement, paint)
    if document["not_applicable"]:
        yield ""
        by_reason: dict[str, list[str]] = defaultdict(list)
        for one in document["not_applicable"]:
            by_reason[one["reason"]].append(one["id"])
        for reason, ids in by_reason.items():
            yield paint("dim", f"not judged: {', '.join(ids)}: {reason}")
    yield ""
    yield _verdict(document, paint)


def _chapter_line(chapter: str, title: str, found: list[Document], paint: Palette) -> str:
    good = sum(one["status"] == "passed" for one in found)
    filled = BAR * good // len(found)
    bar = paint("green", "█" * filled) + paint("red", "░" * (BAR - filled))
    cases = len({case["id"] for one in found for case in one["cases"]})
    bad = " ".join(one["id"] for one in found if one["status"] in _BAD)
    counts = f"{good}/{len(found)}".ljust(6)
    told = f"{cases:>4} {'case' if cases == 1 else 'cases'}" if cases else " every run"
    return f"{chapter:<5}{title}  {bar}  {counts} {told}   {paint('red', bad)}".rstrip()


def _summary(document: Document, seconds: float) -> str:
    statuses = [one["status"] for one in document["requirements"]]
    broken = sum(one["counts"] for one in document["requirements"])
    lower = statuses.count("failed") + statuses.count("unexpected-pass") - broken
    parts = [f"{_count(broken, 'requirement')} broken"]
    if lower:
        parts.append(f"{lower} below the judged level not kept")
    if errors := statuses.count("harness-error"):
        parts.append(f"{errors} not judged, as the harness failed")
    if doubtful := statuses.count("inconclusive"):
        parts.append(f"{doubtful} inconclusive")
    if expected := statuses.count("expected-failure"):
        parts.append(f"{expected} accepted by the baseline")
    parts.append(f"{statuses.count('skipped')} skipped")
    return f"{', '.join(parts)} · {_count(document['cases'], 'case')} in {seconds:.1f} s"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _requirement(requirement: Document, paint: Palette) -> Iterator[str]:
    words = {
        "failed": ("red", "FAIL "),
        "inconclusive": ("yellow", "OPEN "),
        "skipped": ("yellow", "SKIP "),
        "expected-failure": ("yellow", "XFAIL"),
        "unexpected-pass": ("red", "XPASS"),
        "harness-error": ("red", "ERROR"),
    }
    colour, word = words[requirement["status"]]
    if requirement["status"] == "failed" and not requirement["counts"]:
        colour, word = "yellow", "NOTE "
    yield (
        f"{paint(colour, word)} {paint('bold', requirement['id'])} {requirement['level']}"
        f"  {_statement(requirement['statement'])}"
    )
    if "accepted" in requirement:
        yield f"      accepted  {requirement['accepted']['reason']}"
    if requirement["status"] == "unexpected-pass":
        yield "      the baseline's entry is stale: take it out"
        return
    concerned = [one for one in requirement["cases"] if one["status"] == requirement["status"]]
    for number, case in enumerate(concerned[:MOST_CASES]):
        yield from _case(case, len(concerned), len(requirement["cases"]), requirement, number)
    if len(concerned) > MOST_CASES:
        names = listed((one["id"] for one in concerned[MOST_CASES:]), most=8)
        yield f"      also      {names}"


def _case(
    case: Document, bad: int, total: int, requirement: Document, number: int
) -> Iterator[str]:
    count = ""
    if number == 0 and "expected" in case:
        count = f" · {bad} of {total} cases of {requirement['id']} failed"
    yield f"      case      {case['id']}{count}"
    if "expected" not in case:
        yield f"      reason    {case['message']}"
        return
    yield f"      payload   {case['title']}"
    yield f"      why       {case['why']}"
    yield f"      expected  {case['expected']}"
    yield f"      observed  {case['observed']}"
    for line in _printed(case):
        yield f"      printed   {line}"
    if "reproduce" in case:
        yield f"      reproduce {case['reproduce']}"


def _printed(case: Document) -> Iterable[str]:
    """The end of what the subject printed, standard error first: there the cause is named."""
    text = case["stderr"].strip() or case["stdout"].strip()
    lines = text.splitlines()
    if len(lines) > _OUTPUT_LINES:
        yield f"… {len(lines) - _OUTPUT_LINES} more lines"
    yield from lines[-_OUTPUT_LINES:]


def _statement(text: str) -> str:
    """The first sentence of a statement."""
    first, _, _ = text.partition(". ")
    return first if first.endswith(".") else first + "."


def _verdict(document: Document, paint: Palette) -> str:
    colour = {"conformant": "green", "nonconformant": "red", "harness-error": "red"}
    painted = paint(colour.get(document["verdict"], "yellow"), claim.word(document).upper())
    return f"verdict: {painted} {claim.scope(document)}"

"""The report for a terminal: a line per chapter, every failure explained, the verdict."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from injector_conformance.judging.cause import Cause
from injector_conformance.judging.describe import listed
from injector_conformance.reports import claim
from injector_conformance.reports.document import Document
from injector_conformance.reports.findings import (
    GRAVE,
    MAY,
    besides,
    braced,
    groups,
    inconclusive,
    options_of,
    order_of,
)

BAR: Final = 20
"""Columns of a chapter's bar."""

MOST_CASES: Final = 1
"""How many failed cases of a requirement are explained; the others are named."""

MOST_NAMES: Final = 8
"""How many cases a line names before it counts the rest."""

MOST_LINES: Final = 385
"""Lines of a report without its heading and its verdict, so that all of it is less than 400."""

MOST_REASONS: Final = 4
"""Reasons for which cases are inconclusive that are told one by one."""

_NOT_EXPLAINED: Final = ("passed", "inconclusive")

_SHOWN_DETAILS: Final = ("version", "filesystem", "image", "platform", "machine")
"""What the heading tells of the sandbox; the JSON report has all of it."""

_OUTPUT_LINES: Final = 2
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


def brief(document: Document, paint: Palette) -> Iterator[str]:
    """The lines after the heading where the first look has said what is to be said."""
    yield _summary(document)
    yield paint("dim", "all of it: once more with -v, or --html FILE, --json FILE")
    yield ""
    yield _verdict(document, paint)


def render(
    document: Document, chapters: dict[str, str], paint: Palette, *, is_whole: bool = False
) -> Iterator[str]:
    """The lines of the whole report, after the heading.

    Args:
        document: from :func:`document.build`.
        chapters: title by chapter, in order.
        paint: how to colour.
        is_whole: whether every failed case is explained, however many there are.
    """
    by_chapter: dict[str, list[Document]] = defaultdict(list)
    for requirement in document["requirements"]:
        by_chapter[requirement["chapter"]].append(requirement)
    width = max((len(title) for title in chapters.values()), default=0)
    for chapter, title in chapters.items():
        if chapter in by_chapter:
            name = chapter.ljust(1 + max(map(len, by_chapter)))
            yield _chapter_line(name, title.ljust(width), by_chapter[chapter], paint)
    yield ""
    yield _summary(document)
    overview = list(_overview(document, paint))
    remarks = list(_remarks(document, paint, is_whole=is_whole))
    yield from overview
    used = len(by_chapter) + len(overview) + len(remarks)
    yield from _explained(document, paint, 0 if is_whole else max(1, MOST_LINES - used))
    yield from remarks
    yield ""
    yield _verdict(document, paint)


def _overview(document: Document, paint: Palette) -> Iterator[str]:
    """Every failure by what went wrong, a line for each requirement."""
    found = groups(document)
    for kind in dict.fromkeys(group.kind for group in found):
        own = [group for group in found if group.kind is kind]
        cases = len({case["id"] for group in own for case in group.cases})
        yield paint("bold", f"{kind.title}: {_count(cases, 'case')}")
        for group in own:
            colour = "red" if group.requirement["counts"] else "yellow"
            every = f"all {group.judged} cases" if group.is_total else ""
            count = every or _count(len(group.cases), "case")
            ids = [one["id"] for one in group.cases]
            names = ", ".join(braced(ids)) if kind in GRAVE else listed(ids, most=MOST_NAMES)
            yield f"  {paint(colour, group.requirement['id'].ljust(7))} {count}: {names}"


def _explained(document: Document, paint: Palette, room: int) -> Iterator[str]:
    """Requirement after requirement, as far as there is room; no room means all of them."""
    told = [one for one in document["requirements"] if one["status"] not in _NOT_EXPLAINED]
    told = [one for one in told if one["level"] != MAY or one["status"] != "failed"]
    left = []
    is_whole = not room
    for requirement in sorted(told, key=order_of):
        lines = ["", *_requirement(requirement, paint, is_whole=is_whole)]
        if len(lines) > room and not is_whole:
            left.append(requirement["id"])
            continue
        room -= len(lines)
        yield from lines
    if left:
        yield ""
        yield paint("dim", f"not explained here: {', '.join(left)}; -v explains everything")


def _remarks(document: Document, paint: Palette, *, is_whole: bool) -> Iterator[str]:
    """What is no failure: what says nothing, what is optional, what was not judged."""
    doubtful = inconclusive(document)
    notes = [
        f"inconclusive: {_count(len(ids), 'case')}, as {reason}: {listed(ids, most=MOST_NAMES)}"
        for reason, ids in doubtful.items()
    ]
    if len(notes) > MOST_REASONS and not is_whole:
        ids = [one for own in doubtful.values() for one in own]
        why = "what they are held against does not complete either"
        names = listed(ids, most=MOST_NAMES)
        notes = [f"inconclusive: {_count(len(ids), 'case')}, as {why}: {names}"]
    by_word: dict[str, list[str]] = defaultdict(list)
    for identifier, word in options_of(document):
        by_word[word].append(identifier)
    notes += [f"optional, {word}: {', '.join(ids)}" for word, ids in by_word.items()]
    by_reason: dict[str, list[str]] = defaultdict(list)
    for one in document["not_applicable"]:
        by_reason[one["reason"]].append(one["id"])
    notes += [f"not judged: {', '.join(ids)}: {reason}" for reason, ids in by_reason.items()]
    if notes:
        yield ""
    for note in notes:
        yield paint("dim", note)


def _chapter_line(chapter: str, title: str, found: list[Document], paint: Palette) -> str:
    good = sum(one["status"] == "passed" for one in found)
    filled = BAR * good // len(found)
    bar = paint("green", "█" * filled) + paint("red", "░" * (BAR - filled))
    cases = len({case["id"] for one in found for case in one["cases"]})
    bad = " ".join(one["id"] for one in found if one["status"] in _BAD and one["level"] != MAY)
    counts = f"{good}/{len(found)}".ljust(6)
    told = f"{cases:>4} {'case' if cases == 1 else 'cases'}" if cases else " every run"
    return f"{chapter}{title}  {bar}  {counts} {told}   {paint('red', bad)}".rstrip()


def _summary(document: Document) -> str:
    statuses = [one["status"] for one in document["requirements"]]
    broken = sum(one["status"] == "failed" and one["counts"] for one in document["requirements"])
    lower = sum(
        one["status"] == "failed" and not one["counts"] and one["level"] != MAY
        for one in document["requirements"]
    )
    parts = [f"{_count(broken, 'requirement')} broken"]
    if lower:
        parts.append(f"{lower} below the judged level not kept")
    if stale := statuses.count("unexpected-pass"):
        parts.append(f"{stale} kept, though the baseline says not")
    if errors := statuses.count("harness-error"):
        parts.append(f"{errors} not judged, as the harness failed")
    if doubtful := statuses.count("inconclusive"):
        parts.append(f"{doubtful} inconclusive")
    if expected := statuses.count("expected-failure"):
        parts.append(f"{expected} accepted by the baseline")
    parts.append(f"{statuses.count('skipped')} skipped")
    seconds = document["run"]["seconds"]
    return f"{', '.join(parts)} · {_count(document['cases'], 'case')} in {seconds:.1f} s"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _requirement(requirement: Document, paint: Palette, *, is_whole: bool) -> Iterator[str]:
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
    concerned.sort(key=_gravity)
    shown = concerned if is_whole else concerned[:MOST_CASES]
    for number, case in enumerate(shown):
        count = ""
        if number == 0 and "expected" in case:
            total = len(requirement["cases"])
            count = f" · {len(concerned)} of {_count(total, 'case')} of {requirement['id']} failed"
        where = f" · on {case['filesystem']}" if "filesystem" in case else ""
        yield f"      case      {case['id']}{count}{where}"
        yield from _case(case)
    if len(concerned) > len(shown):
        names = listed((one["id"] for one in concerned[len(shown) :]), most=MOST_NAMES)
        yield f"      also      {names}"


def _gravity(case: Document) -> int:
    """The place of a case among those of its requirement."""
    names = [one.value for one in Cause]
    return names.index(case["cause"]) if case.get("cause") in names else len(names)


def _case(case: Document) -> Iterator[str]:
    if "expected" not in case:
        yield f"      reason    {case['message']}"
        return
    yield f"      payload   {case['title']}"
    yield f"      why       {case['why']}"
    yield f"      expected  {case['expected']}"
    yield f"      observed  {case['observed']}"
    for one in besides(case):
        yield f"      besides   {one}"
    for line in _printed(case):
        yield f"      printed   {line}"
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

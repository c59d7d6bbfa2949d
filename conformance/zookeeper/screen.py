"""What a report of many flaws must be: short, and with the gravest of them on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.reports import terminal
from injector_conformance.reports.document import Document
from injector_conformance.reports.findings import GRAVE, Group, braced, groups
from injector_conformance.specification import spec

SCREEN: Final = 40
"""Lines that are seen before anybody scrolls."""

MOST: Final = 399
"""Lines of a report in which nothing is asked for at length."""


def rendered(document: Document) -> list[str]:
    """The lines of a report, as ``check`` prints it."""
    paint = terminal.Palette(enabled=False)
    chapters = dict(spec.load().chapters)
    return [
        *terminal.heading(document, paint),
        "",
        *terminal.render(document, chapters, paint),
    ]


def problems(document: Document) -> Iterator[str]:
    """What is not as it must be: something grave that stands further down, or too many lines."""
    lines = rendered(document)
    if len(lines) > MOST:
        yield f"its report has {len(lines)} lines, more than {MOST}"
    for group in groups(document):
        if group.kind in GRAVE and not _is_named(group, lines[:SCREEN]):
            what = f"{group.requirement['id']}: {group.kind.title}"
            yield f"the first {SCREEN} lines of its report do not name {what}"


def _is_named(group: Group, screen: list[str]) -> bool:
    """Whether a requirement stands under its kind of cause, with every case that shows it."""
    named = ", ".join(braced(case["id"] for case in group.cases))
    begun = [at for at, line in enumerate(screen) if line.startswith(group.kind.title)]
    under = screen[begun[0] + 1 :] if begun else []
    return any(line.split()[:1] == [group.requirement["id"]] and named in line for line in under)

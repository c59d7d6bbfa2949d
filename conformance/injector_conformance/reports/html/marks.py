"""What a status looks like and what it is called: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from injector_conformance.reports.document import Document


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of result.

    Attributes:
        key: its class in CSS and its value in filters.
        sign: a character that stands for it.
        word: what it is called, for those who do not see the sign.
        brief: the same where there is little room.
    """

    key: str
    sign: str
    word: str
    brief: str = ""


KEPT: Final = Mark("kept", "✓", "kept", "Kept")
BROKEN: Final = Mark("broken", "✗", "broken", "Broken")
NOTED: Final = Mark("noted", "△", "not kept, does not count at this level", "Not kept")
OPEN: Final = Mark("skipped", "?", "inconclusive", "Inconclusive")
UNDONE: Final = Mark("noted", "△", "optional, not done", "Not done")
SKIPPED: Final = Mark("skipped", "○", "skipped", "Skipped")
ACCEPTED: Final = Mark("accepted", "≈", "broken, accepted by the baseline", "Accepted")
STALE: Final = Mark("stale", "!", "kept, though the baseline says not: stale", "Stale entry")
ERROR: Final = Mark("error", "!", "the harness failed", "Harness error")
ABSENT: Final = Mark("absent", "·", "not judged", "Not judged")

MARKS: Final = (KEPT, BROKEN, NOTED, UNDONE, OPEN, SKIPPED, ACCEPTED, STALE, ERROR, ABSENT)

_BY_STATUS: Final = {
    "passed": KEPT,
    "failed": BROKEN,
    "inconclusive": OPEN,
    "skipped": SKIPPED,
    "expected-failure": ACCEPTED,
    "unexpected-pass": STALE,
    "harness-error": ERROR,
}

VERDICTS: Final = {
    "conformant": Mark("kept", "✓", "conformant"),
    "conformant-with-deviations": Mark("accepted", "≈", "conformant with accepted deviations"),
    "conformant-in-selection": Mark("skipped", "○", "partial: conformant as far as selected"),
    "nonconformant": Mark("broken", "✗", "not conformant"),
    "partial": Mark("skipped", "○", "partial"),
    "harness-error": Mark("error", "!", "harness error"),
}


def of_requirement(requirement: Document) -> Mark:
    """The mark of a requirement of a report; what is optional is no fault if it is not done."""
    if requirement["status"] == "failed" and not requirement["counts"]:
        return UNDONE if requirement["level"] == "MAY" else NOTED
    return _BY_STATUS[requirement["status"]]


def of_case(case: Document, requirement: Document) -> Mark:
    """The mark of a case: what is accepted or does not count for its requirement is so here."""
    mark = _BY_STATUS[case["status"]]
    if mark is BROKEN and requirement["status"] == "expected-failure":
        return ACCEPTED
    if mark is BROKEN and requirement["status"] == "failed" and not requirement["counts"]:
        return of_requirement(requirement)
    return mark

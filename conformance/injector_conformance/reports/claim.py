"""The claim: a verdict with everything that bounds it, in the same words in every report.

A verdict alone says too much. Which profile, down to which level, in which cases and with what
accepted belongs to it wherever it is shown.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

from injector_conformance.reports.document import Document

_WORDS: Final = {
    "conformant": "conformant",
    "conformant-with-deviations": "conformant with {deviations}",
    "conformant-in-selection": "partial: conformant as far as selected",
    "nonconformant": "not conformant",
    "partial": "partial: something was not judged, so nothing is claimed",
    "harness-error": "harness error: the suite could not do its part",
}

_SKIP: Final = "--skip"
_STOP: Final = "--fail-fast"


def word(document: Document) -> str:
    """The verdict in words."""
    return _WORDS[document["verdict"]].format(deviations=deviations(document))


def brief(document: Document) -> str:
    """The verdict in as few words as a badge has room for; a narrowed run is *partial*."""
    text = word(document).partition(":")[0]
    narrowed = document["selection"] and not text.startswith("partial")
    return f"{text} (partial run)" if narrowed else text


def deviations(document: Document) -> str:
    """How many deviations the baseline has accepted."""
    count = document["deviations"]
    return f"{count} accepted deviation{'' if count == 1 else 's'}"


def scope(document: Document) -> str:
    """What the verdict is about: level, profile, and what narrows it."""
    parts = [f"({document['level']})", f"profile {document['profile']}"]
    if document["deviations"] and document["verdict"] != "conformant-with-deviations":
        parts.append(deviations(document))
    if document["selection"]:
        cases = "1 case" if document["cases"] == 1 else f"{document['cases']:,} cases"
        parts.append(f"{_narrowing(document['selection'])} ({cases})")
    return " · ".join(parts)


def _narrowing(selection: Sequence[str]) -> str:
    """What the user picked, left out, or stopped at."""
    picked, skipped, has_stopped = [], [], False
    words = iter(selection)
    for option in words:
        if option == _STOP:
            has_stopped = True
        elif option == _SKIP:
            skipped.append(next(words))
        else:
            picked += [option, next(words)]
    told = [f"only {shlex.join(picked)}"] if picked else []
    told += [f"without {shlex.join(skipped)}"] if skipped else []
    told += ["stopped at the first failure"] if has_stopped else []
    return ", ".join(told)


def claim(document: Document) -> str:
    """Both, on one line."""
    return f"{word(document)} {scope(document)}"

"""Reports of one subject over time, from a directory: in the order in which they were made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Final

from injector_conformance.reports import reader
from injector_conformance.reports.document import Document

_NAMED: Final = 3
"""Subjects that a complaint names; a directory may hold many."""


class HistoryError(Exception):
    """A directory is no history of one subject; the message says why, and what to do."""


def read(folder: Path) -> list[tuple[Path, Document]]:
    """Every ``*.json`` of a directory, the newest last; of the same time, by their names.

    The time is the reports' own: that of a file is lost by every copy and checkout.

    Raises:
        HistoryError: there is no such directory, no report in it, or not of one subject.
        ReportError: a file in it is damaged, or no report.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise HistoryError(
            f"--history {folder}: cannot be read: {error.strerror}; name a directory of reports"
        ) from error
    if not paths:
        raise HistoryError(
            f"--history {folder}: no report in it; put outputs of check --json there, as *.json"
        )
    found = [(path, reader.read(path)) for path in paths]
    _alike(folder, found, "subjects", subject)
    _alike(folder, found, "profiles", lambda document: str(document["profile"]))
    return sorted(found, key=lambda one: (_when(*one), one[0]))


def subject(document: Document) -> str:
    """What a subject is known by over time: its command without the paths, which change."""
    return " ".join(PurePath(word).name or word for word in document["subject"]["command"])


def _alike(
    folder: Path,
    found: list[tuple[Path, Document]],
    what: str,
    known_by: Callable[[Document], str],
) -> None:
    first: dict[str, Path] = {}
    for path, document in found:
        first.setdefault(known_by(document), path)
    if len(first) > 1:
        named = [f"{name[:60]} ({path.name})" for name, path in [*first.items()][:_NAMED]]
        more = "" if len(first) <= _NAMED else " …"
        raise HistoryError(
            f"--history {folder}: reports of {len(first)} {what}: {', '.join(named)}{more};"
            " give each a directory of its own"
        )


def _when(path: Path, document: Document) -> datetime:
    try:
        when = datetime.fromisoformat(document["run"]["date"])
    except ValueError as error:
        raise HistoryError(f"{path}: at $.run.date: no date of ISO 8601; judge again") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)

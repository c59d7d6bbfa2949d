"""``check --rerun-failed``: the cases that an earlier run has not passed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.reports import reader
from injector_conformance.reports.document import Document
from injector_conformance.run import binary
from injector_conformance.run.catalogue import SelectionError

_AGAIN: Final = frozenset({"failed", "inconclusive", "harness-error", "unexpected-pass"})
"""Statuses that say something is to be mended, or looked at again."""


def failed(path: Path, profile: str) -> Sequence[str]:
    """The ids of the cases to run again, in the order of the report.

    Raises:
        SelectionError: the file is no report, it is of another profile, or nothing failed in it.
    """
    try:
        document = reader.read(path)
    except reader.ReportError as error:
        raise SelectionError(f"--rerun-failed {error}") from error
    if document["profile"] != profile:
        raise SelectionError(
            f"--rerun-failed {path}: a report of profile {document['profile']}:"
            f" add --profile {document['profile']}"
        )
    ids = _ids(document)
    checks = {one.id for one in binary.CHECKS.values()}
    cases = [one for one in ids if one not in checks]
    if not ids:
        raise SelectionError(f"--rerun-failed {path}: nothing failed there")
    if not cases:
        raise SelectionError(
            f"--rerun-failed {path}: only the file itself failed there ({', '.join(ids)});"
            " injector-conformance size shows why"
        )
    return cases


def _ids(document: Document) -> list[str]:
    found = {
        case["id"]: None
        for requirement in document["requirements"]
        for case in requirement["cases"]
        if case["status"] in _AGAIN
    }
    return list(found)

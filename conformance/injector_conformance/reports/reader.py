"""Reports read back from JSON, so that several can be shown side by side."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from injector_conformance.host import named_file
from injector_conformance.reports import validity
from injector_conformance.reports.document import SCHEMA, Document

_VERSION: Final = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")


class ReportError(Exception):
    """A file is no report that this version can read; the message says which, where and why."""


def read(path: Path) -> Document:
    """Read what ``check --json`` has written.

    Raises:
        ReportError: the file is missing, no JSON, of another schema, or breaks its schema.
    """
    try:
        content = named_file.read_json(path, "check --json")
    except named_file.NoJsonError as error:
        raise ReportError(str(error)) from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if not isinstance(schema, str) or not _VERSION.fullmatch(schema):
        raise ReportError(f"{path}: not a report; name an output of check --json")
    if schema != SCHEMA:
        raise ReportError(
            f"{path}: a report of schema {schema}, but this version reads {SCHEMA}:"
            " judge again, or use the version of the suite that wrote it"
        )
    wrong = validity.fault(content, "reports/schema.json")
    if wrong is not None:
        raise ReportError(f"{path}: not a report: {wrong}")
    return dict(content)

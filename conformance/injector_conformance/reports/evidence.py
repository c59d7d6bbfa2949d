"""What the commands ``clients`` and ``cluster`` have written, read back: evidence of chapter CTR.

Their schemas lie beside them, and say which version can be read.
"""

from __future__ import annotations

from pathlib import Path

from injector_conformance.host import named_file
from injector_conformance.reports import validity
from injector_conformance.reports.document import Document


class EvidenceError(Exception):
    """A file cannot be used; the message says which, where and why."""


def clients(path: Path) -> Document:
    """Read what ``clients --json`` has written.

    Raises:
        EvidenceError: the file is missing, no JSON, of another kind, or breaks its schema.
    """
    return _read(path, "clients")


def cluster(path: Path) -> Document:
    """Read what ``cluster --json`` has written.

    Raises:
        EvidenceError: as :func:`clients`.
    """
    return _read(path, "cluster")


def _read(path: Path, kind: str) -> Document:
    writer, schema = f"{kind} --json", f"{kind}/schema.json"
    try:
        content = named_file.read_json(path, writer)
    except named_file.NoJsonError as error:
        raise EvidenceError(str(error)) from error
    if not isinstance(content, dict) or content.get("kind") != kind:
        raise EvidenceError(f"{path}: not an output of {writer}")
    known = validity.version(schema)
    if content.get("schema") != known:
        found = str(content.get("schema"))[:20]
        raise EvidenceError(
            f"{path}: schema {found}, but this version reads {known}: run {kind} again"
        )
    wrong = validity.fault(content, schema)
    if wrong is not None:
        raise EvidenceError(f"{path}: not an output of {writer}: {wrong}")
    return content

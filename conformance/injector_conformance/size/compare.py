"""Earlier figures, and the difference to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from injector_conformance.host import named_file
from injector_conformance.size.measure import Sizes
from injector_conformance.subjects.elf_refusals import SizeError

SCHEMA: Final = "injector-conformance/size/1"
"""Identifies the JSON that ``size --json`` writes and ``size --compare`` reads."""


def document(binaries: Sequence[Sizes]) -> dict[str, Any]:
    """The JSON document of a measurement."""
    return {"schema": SCHEMA, "binaries": [one.as_json() for one in binaries]}


def read_earlier(path: Path) -> dict[str, int]:
    """Bytes by path, from a document that ``size --json`` wrote.

    Raises:
        SizeError: there is no such file, or it is no such document.
    """
    try:
        content = named_file.read_json(path, "size --json")
    except named_file.NoJsonError as error:
        raise SizeError(str(error)) from error
    if not isinstance(content, Mapping) or content.get("schema") != SCHEMA:
        raise SizeError(f"{path}: not a document of schema {SCHEMA}; write one by size --json")
    try:
        return {str(one["path"]): int(one["bytes"]) for one in content["binaries"]}
    except (KeyError, TypeError, ValueError) as error:
        raise SizeError(f"{path}: damaged: {error!r}; write it again by size --json") from error


def earlier_bytes(path: str, earlier: Mapping[str, int], alone: bool) -> int | None:
    """What this binary weighed earlier, or None if it was not measured then.

    Binaries are matched by path, then by file name if that is unambiguous. Where there is one
    binary on each side (``alone`` says so for this one), they match whatever their names.
    """
    if path in earlier:
        return earlier[path]
    same_name = [size for old, size in earlier.items() if Path(old).name == Path(path).name]
    if len(same_name) == 1:
        return same_name[0]
    if alone and len(earlier) == 1:
        return next(iter(earlier.values()))
    return None

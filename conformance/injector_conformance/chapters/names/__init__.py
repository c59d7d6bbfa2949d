"""NAMES: how references resolve."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.names import broken, contents, paths, references, tags

CASES: Final[tuple[Case, ...]] = (
    *references.CASES,
    *tags.CASES,
    *paths.CASES,
    *contents.CASES,
    *broken.CASES,
)

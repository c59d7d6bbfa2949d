"""Chapter MODE: after success everything from the payload has mode 0755."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.modes import bits, existing, hindered, links, names

CASES: Final[tuple[Case, ...]] = (
    *bits.CASES,
    *hindered.CASES,
    *names.CASES,
    *links.CASES,
    *existing.CASES,
)

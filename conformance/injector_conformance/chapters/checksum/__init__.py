"""Chapter SUM: the checksum argument, and that nothing is written before it is verified."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.checksum import (
    accidents,
    arguments,
    fresh,
    matches,
    mismatches,
    unwritten,
    zeros,
)

CASES: Final[tuple[Case, ...]] = (
    *matches.CASES,
    *arguments.CASES,
    *mismatches.CASES,
    *accidents.CASES,
    *unwritten.CASES,
    *zeros.CASES,
    *fresh.CASES,
)

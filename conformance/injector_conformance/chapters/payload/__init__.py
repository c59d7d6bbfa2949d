"""Chapter PAY: finding the chunks in the init directory and joining them."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload import (
    boundaries,
    descriptors,
    entries,
    ignored,
    order,
    sizes,
    unreadable,
    untouched,
    whole,
)

CASES: Final[tuple[Case, ...]] = (
    *whole.CASES,
    *entries.CASES,
    *order.CASES,
    *sizes.CASES,
    *descriptors.CASES,
    *boundaries.CASES,
    *ignored.CASES,
    *unreadable.CASES,
    *untouched.CASES,
)

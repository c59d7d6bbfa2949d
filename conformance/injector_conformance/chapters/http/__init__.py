"""HTTP: serving."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.http import (
    answers,
    connections,
    crowds,
    hostile,
    limits,
    methods,
    ranges,
    tls,
)

CASES: Final[tuple[Case, ...]] = (
    *answers.CASES,
    *methods.CASES,
    *tls.CASES,
    *hostile.CASES,
    *limits.CASES,
    *connections.CASES,
    *ranges.CASES,
    *crowds.CASES,
)

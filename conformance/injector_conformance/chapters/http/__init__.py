"""HTTP: serving."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.http import (
    answers,
    bodies,
    connections,
    crowds,
    hostile,
    indifferent,
    limits,
    methods,
    ranges,
    tls,
)

CASES: Final[tuple[Case, ...]] = (
    *answers.CASES,
    *indifferent.CASES,
    *methods.CASES,
    *tls.CASES,
    *hostile.CASES,
    *limits.CASES,
    *bodies.CASES,
    *connections.CASES,
    *ranges.CASES,
    *crowds.CASES,
)

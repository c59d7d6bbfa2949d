"""LIFE: start, stop, process 1."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.life import burdens, ending, ready, surroundings

CASES: Final[tuple[Case, ...]] = (
    *ready.CASES,
    *burdens.CASES,
    *ending.CASES,
    *surroundings.CASES,
)

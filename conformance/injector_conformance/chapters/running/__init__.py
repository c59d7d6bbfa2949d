"""Chapter RUN: how the program behaves, on what input and under what circumstances."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.running import (
    again,
    ending,
    kernels,
    logs,
    memory,
    streams,
    surroundings,
    writes,
)

CASES: Final[tuple[Case, ...]] = (
    *ending.CASES,
    *logs.CASES,
    *surroundings.CASES,
    *kernels.CASES,
    *again.CASES,
    *writes.CASES,
    *streams.CASES,
    *memory.CASES,
)

"""Chapter GZ: the compressed stream, from its header to its last byte."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.gzip import blocks, codes, compressors, matches

CASES: Final[tuple[Case, ...]] = (
    *compressors.CASES,
    *blocks.CASES,
    *matches.CASES,
    *codes.CASES,
)

"""Chapter GZ: the compressed stream, from its header to its last byte."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip import (
    bad_blocks,
    bad_codes,
    bad_distances,
    bad_header,
    blocks,
    checks,
    codes,
    compressors,
    extremes,
    header,
    matches,
    members,
    modulo,
    other_formats,
    trailing,
    truncation,
)

CASES: Final[tuple[Case, ...]] = (
    *compressors.CASES,
    *blocks.CASES,
    *matches.CASES,
    *codes.CASES,
    *header.CASES,
    *members.CASES,
    *bad_header.CASES,
    *bad_blocks.CASES,
    *bad_distances.CASES,
    *bad_codes.CASES,
    *checks.CASES,
    *modulo.CASES,
    *truncation.CASES,
    *trailing.CASES,
    *other_formats.CASES,
    *extremes.CASES,
)

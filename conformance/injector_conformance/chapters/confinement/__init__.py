"""Chapter BOX: nothing outside the output directory is touched, whatever the archive holds."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.confinement import (
    absolute,
    chains,
    dotdot,
    hard_links,
    same_name,
    through_links,
)

CASES: Final[tuple[Case, ...]] = (
    *dotdot.CASES,
    *absolute.CASES,
    *hard_links.CASES,
    *through_links.CASES,
    *same_name.CASES,
    *chains.CASES,
)

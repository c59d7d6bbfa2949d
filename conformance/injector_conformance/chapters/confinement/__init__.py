"""Chapter BOX: nothing outside the output directory is touched, whatever the archive holds."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.confinement import (
    absolute,
    chains,
    depth,
    dotdot,
    hard_links,
    levels,
    output_itself,
    outward_links,
    same_name,
    shapes,
    sparse_maps,
    through_links,
    too_much,
)
from injector_conformance.chapters.recipes import on_disk

CASES: Final[tuple[Case, ...]] = (
    *dotdot.CASES,
    *absolute.CASES,
    *hard_links.CASES,
    *through_links.CASES,
    *same_name.CASES,
    *on_disk(same_name.CASES),
    *chains.CASES,
    *outward_links.CASES,
    *output_itself.CASES,
    *too_much.CASES,
    *sparse_maps.CASES,
    *depth.CASES,
    *levels.CASES,
    *shapes.CASES,
)

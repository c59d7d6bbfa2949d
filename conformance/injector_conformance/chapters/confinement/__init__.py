"""Chapter BOX: nothing outside the output directory is touched, whatever the archive holds."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.confinement import absolute, dotdot

CASES: Final[tuple[Case, ...]] = (*dotdot.CASES, *absolute.CASES)

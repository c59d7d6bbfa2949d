"""Chapter cases, gathered from the topics."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case

CASES: Final[tuple[Case, ...]] = ()

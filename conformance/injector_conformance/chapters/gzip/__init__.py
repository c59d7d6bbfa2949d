"""Chapter GZ: the compressed stream, from its header to its last byte."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case

CASES: Final[tuple[Case, ...]] = ()

"""Chapter SUM: the checksum argument, and that nothing is written before it is verified."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case

CASES: Final[tuple[Case, ...]] = ()

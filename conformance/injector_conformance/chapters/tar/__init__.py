"""Chapter TAR: the archive, its headers and members, where it ends, and what is left out.

Confinement is chapter BOX: no case here tries to leave the output directory on purpose.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.tar import (
    formats,
    global_headers,
    name_bytes,
    name_lengths,
    pax_keys,
    pax_records,
)

CASES: Final[tuple[Case, ...]] = (
    *formats.CASES,
    *name_lengths.CASES,
    *name_bytes.CASES,
    *pax_records.CASES,
    *pax_keys.CASES,
    *global_headers.CASES,
)

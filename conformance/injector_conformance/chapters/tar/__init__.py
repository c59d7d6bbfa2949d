"""Chapter TAR: the archive, its headers and members, where it ends, and what is left out.

Confinement is chapter BOX: hardly a case here tries to leave the output directory.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.recipes import on_disk
from injector_conformance.chapters.tar import (
    announced,
    claims,
    ending,
    files,
    formats,
    global_headers,
    gnu_headers,
    header_checksums,
    links,
    name_bytes,
    name_lengths,
    numbers,
    overrides,
    ownership,
    pax_keys,
    pax_records,
    repeats,
    sizes,
    sparse,
    sparse_maps,
    specials,
    truncation,
    types,
)

CASES: Final[tuple[Case, ...]] = (
    *formats.CASES,
    *gnu_headers.CASES,
    *name_lengths.CASES,
    *name_bytes.CASES,
    *pax_records.CASES,
    *pax_keys.CASES,
    *global_headers.CASES,
    *types.CASES,
    *files.CASES,
    *sizes.CASES,
    *overrides.CASES,
    *repeats.CASES,
    *on_disk(repeats.CASES),
    *links.CASES,
    *header_checksums.CASES,
    *truncation.CASES,
    *specials.CASES,
    *sparse.CASES,
    *sparse_maps.CASES,
    *numbers.CASES,
    *claims.CASES,
    *ending.CASES,
    *ownership.CASES,
    *announced.CASES,
)

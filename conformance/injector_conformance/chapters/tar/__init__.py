"""Chapter TAR: the archive, its headers and members, where it ends, and what is left out.

Confinement is chapter BOX: hardly a case here tries to leave the output directory.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import on_disk
from injector_conformance.chapters.tar import (
    announced,
    applied_types,
    claims,
    emptied,
    ending,
    files,
    formats,
    global_headers,
    gnu_headers,
    header_checksums,
    header_sizes,
    left_open,
    links,
    name_bytes,
    name_lengths,
    number_fields,
    numbers,
    overrides,
    ownership,
    pax_keys,
    pax_records,
    record_validity,
    repeats,
    sizes,
    sparse,
    sparse_maps,
    specials,
    truncation,
    two_headers,
    types,
    ustar_versions,
    whole_names,
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
    *number_fields.CASES,
    *record_validity.CASES,
    *two_headers.CASES,
    *emptied.CASES,
    *applied_types.CASES,
    *whole_names.CASES,
    *ustar_versions.CASES,
    *header_sizes.CASES,
    *left_open.CASES,
)

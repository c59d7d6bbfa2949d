"""Several results read from files and shown on one page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.reports import evidence, reader
from injector_conformance.reports.html import page, speed
from injector_conformance.size.ladder import figures
from injector_conformance.specification import spec

ERRORS: Final = (reader.ReportError, evidence.EvidenceError, figures.LadderError, speed.SpeedError)
"""What a user can mend: the message says which file, where and why."""


def compare(
    results: Sequence[Path],
    ladder: Path | None,
    bench: Path | None,
    clients: Sequence[Path] = (),
    clusters: Sequence[Path] = (),
) -> str:
    """The page.

    Args:
        results: outputs of ``check --json``; each is called by its file's name without suffix.
        ladder: figures of sizes, ``docs/ladder.json``.
        bench: figures of speed, see :mod:`.speed`.
        clients: outputs of ``clients --json``.
        clusters: outputs of ``cluster --json``.

    Raises:
        ReportError: a result cannot be used.
        LadderError: the figures of sizes cannot.
        SpeedError: the figures of speed cannot.
        EvidenceError: what clients or a cluster did cannot.
    """
    return page.render(
        [(path.stem, reader.read(path)) for path in results],
        spec.load(),
        ladder=figures.read(ladder) if ladder else None,
        speeds=speed.read(bench) if bench else None,
        clients=[evidence.clients(path) for path in clients],
        clusters=[evidence.cluster(path) for path in clusters],
    )

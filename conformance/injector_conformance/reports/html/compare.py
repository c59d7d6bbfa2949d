"""Several results read from files and shown on one page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.reports import evidence, history, reader
from injector_conformance.reports.html import page, speed
from injector_conformance.size.ladder import figures
from injector_conformance.specification import spec


class LabelError(Exception):
    """Results cannot be called as they should be; the message says why, and what to do."""


ERRORS: Final = (
    LabelError,
    history.HistoryError,
    reader.ReportError,
    evidence.EvidenceError,
    figures.LadderError,
    speed.SpeedError,
)
"""What a user can mend: the message says which file, where and why."""


def compare(
    results: Sequence[Path],
    ladder: Path | None,
    bench: Path | None,
    *,
    clients: Sequence[Path] = (),
    clusters: Sequence[Path] = (),
    names: Sequence[str] = (),
) -> str:
    """The page.

    Args:
        results: outputs of ``check --json``.
        ladder: figures of sizes, ``docs/ladder.json``.
        bench: figures of speed, see :mod:`.speed`.
        clients: outputs of ``clients --json``.
        clusters: outputs of ``cluster --json``.
        names: what the results are called, in their order; each by its file's name without suffix
            if there are none.

    Raises:
        LabelError: the names are not one for each result, or say nothing, or the same.
        ReportError: a result cannot be used.
        LadderError: the figures of sizes cannot.
        SpeedError: the figures of speed cannot.
        EvidenceError: what clients or a cluster did cannot.
    """
    labels = _labels(results, names)
    return page.render(
        [(label, reader.read(path)) for label, path in zip(labels, results, strict=True)],
        spec.load(),
        ladder=figures.read(ladder) if ladder else None,
        speeds=speed.read(bench) if bench else None,
        clients=[evidence.clients(path) for path in clients],
        clusters=[evidence.cluster(path) for path in clusters],
    )


def over_time(folder: Path, names: Sequence[str] = ()) -> str:
    """The page of one subject's reports in a directory.

    Raises:
        HistoryError: the directory is no history of one subject.
        ReportError: a file in it cannot be used.
        LabelError: there is more than one name, or it says nothing.
    """
    label = _labels([folder], names)[0] if names else None
    found = history.read(folder)
    return page.over_time(label or history.subject(found[-1][1]), found)


def _labels(results: Sequence[Path], names: Sequence[str]) -> list[str]:
    """What the results are called. Names are matched by order, so a missing one shifts others."""
    if not names:
        return [path.stem for path in results]
    if len(names) != len(results):
        whole = f"{len(results)} result{'' if len(results) == 1 else 's'}"
        raise LabelError(
            f"--name is given {_times(len(names))} for {whole}:"
            " give one for each, in their order, or none"
        )
    for number, name in enumerate(names, 1):
        if not name.strip() or not name.isprintable():
            raise LabelError(
                f"--name {name!r}, the name of {results[number - 1]}: no name that can be read;"
                " give at least one letter, and nothing that is not printed"
            )
        first = names.index(name)
        if first != number - 1:
            raise LabelError(
                f"--name {name!r} is given to {results[first]} and to {results[number - 1]}:"
                " give each a name of its own"
            )
    return list(names)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"

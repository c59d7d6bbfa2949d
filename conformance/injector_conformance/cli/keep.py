"""``check --keep``: what failed cases were given and left, for whoever mends an injector.

::

    DIR/CASE/case/          the case as ``export`` writes it, with the payload of this very run
    DIR/CASE/output.tar     the output directory; output.mtree tells it whole, modes and all
    DIR/CASE/stdout         the beginning of what was printed, and of stderr likewise
    DIR/CASE/broken.txt     what was expected and seen, requirement by requirement
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.cli.export import export
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.sessions.keeping import Keeper
from injector_conformance.sessions.session import CaseResult, CaseStatus

MOST: Final = 1 << 30
"""Bytes of payloads that are kept together; of the cases behind there is everything else."""


def keeper(directory: Path | None) -> Keeper | None:
    """Who keeps in a directory, which is made; None if nobody asked for it.

    Raises:
        SelectionError: something is there already.
    """
    if directory is None:
        return None
    if directory.exists() and not directory.is_dir():
        raise SelectionError(f"--keep {directory}: is no directory; name a new or an empty one")
    if directory.is_dir() and any(directory.iterdir()):
        raise SelectionError(f"--keep {directory}: is not empty; name a new or an empty directory")
    directory.mkdir(parents=True, exist_ok=True)
    return Keeper(directory)


def finish(keeper: Keeper, results: Iterable[CaseResult]) -> str:
    """Add what is known by now, and remove what turned out well in the end; a line says how much.

    Raises:
        OSError: it cannot be written.
    """
    directory = keeper.directory
    failed = [one for one in results if one.status is CaseStatus.FAILED]
    kept = {one.case.id for one in failed}
    for path in directory.iterdir():
        if path.name not in kept:
            shutil.rmtree(path)
    left, without = MOST, 0
    for one in failed:
        place = directory / one.case.id
        place.mkdir(exist_ok=True)
        (place / "stdout").write_bytes(one.stdout)
        (place / "stderr").write_bytes(one.stderr)
        (place / "broken.txt").write_text(_broken(one), encoding="utf-8")
        if not isinstance(one.case, Case):
            continue
        size = len(one.case.init().payload)
        if size > left:
            without += 1
            continue
        left -= size
        (place / "case").mkdir()
        export(one.case, place / "case")
    line = f"kept: what {len(failed):,} failed case{'s' * (len(failed) != 1)} left, in {directory}"
    if without:
        line += f"; without {without:,} payloads beyond {MOST >> 20:,} MiB: export writes them"
    return line


def _broken(one: CaseResult) -> str:
    lines = [f"{one.case.id}: {one.case.title}"]
    if one.outcome is not None:
        lines.append(f"outcome: {one.outcome.value}, after {one.seconds:.3f} s")
    for each in one.broken:
        lines += ["", each.requirement, f"expected: {each.expected}", f"observed: {each.observed}"]
    return "".join(f"{line}\n" for line in lines)

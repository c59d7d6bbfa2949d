"""Paths of the host that a subject with an interpreter sees in its container."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def mounts(exposed: Sequence[Path], work: Path) -> list[tuple[Path, Path]]:
    """What to mount where, as (path of the host, path in the container).

    The image may have closed directories, ``/root`` for one, above a path that the pod's user is
    to reach. An open directory is mounted over each of them first.

    Args:
        exposed: absolute paths, none below another.
        work: where the open directories are made.
    """
    result: list[tuple[Path, Path]] = []
    closed = sorted({parent for path in exposed for parent in path.parents if _is_closed(parent)})
    for number, top in enumerate(closed):
        stand_in = work / f"open-{number}"
        for path in (*exposed, *closed):
            if path.is_relative_to(top):
                point = stand_in / path.relative_to(top)
                directory = point if path.is_dir() else point.parent
                directory.mkdir(parents=True, exist_ok=True)
                if directory is not point:
                    point.touch()
        result.append((stand_in, top))
    return [*result, *((path, path) for path in exposed)]


def _is_closed(directory: Path) -> bool:
    return not directory.stat().st_mode & 0o001

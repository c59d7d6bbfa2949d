"""A limit of processor time, by control groups, where they can be had."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PERIOD: Final = 100_000
"""Microseconds: what the kubelet sets, and the kernel's own default."""

_MOUNTS: Final = Path("/proc/self/mounts")
_KIND, _PLACE, _OPTIONS = 2, 1, 3


class LimitError(Exception):
    """Processor time cannot be limited here; the message says why."""


def missing() -> str | None:
    """Why processor time cannot be limited here; None if it can."""
    try:
        with limited([], 1.0):
            return None
    except LimitError as error:
        return str(error)


@contextmanager
def limited(process_ids: Sequence[int], processors: float) -> Iterator[None]:
    """Let processes have so much of a processor together.

    Raises:
        LimitError: that cannot be done here.
    """
    parent, is_unified = _parent()
    group = parent / f"injector-bench-{os.getpid()}"
    quota = int(processors * PERIOD)
    try:
        group.mkdir()
        if is_unified:
            (group / "cpu.max").write_text(f"{quota} {PERIOD}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise LimitError(
            f"no control group can be made in {parent} ({error.strerror}): it takes root, and"
            " control groups that may be written to"
        ) from error
    try:
        _move(process_ids, group)
        yield
    finally:
        _move(process_ids, parent)
        with contextlib.suppress(OSError):
            group.rmdir()


def _move(process_ids: Sequence[int], group: Path) -> None:
    for process_id in process_ids:
        with contextlib.suppress(OSError):
            (group / "cgroup.procs").write_text(str(process_id))


def _parent() -> tuple[Path, bool]:
    """The group below which one can be made, and whether it is one of version 2.

    Raises:
        LimitError: no hierarchy limits processor time.
    """
    for line in _MOUNTS.read_text().splitlines():
        words = line.split(" ")
        place = Path(words[_PLACE])
        if words[_KIND] == "cgroup" and "cpu" in words[_OPTIONS].split(","):
            return place, False
        if words[_KIND] == "cgroup2":
            with contextlib.suppress(OSError):
                if "cpu" in (place / "cgroup.subtree_control").read_text().split():
                    return place, True
    raise LimitError("no control group of this machine limits processor time")

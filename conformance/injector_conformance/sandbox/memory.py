"""Peak memory of a process tree, by watching it.

``ru_maxrss`` will not do: it counts what the child inherited before exec, and a PID namespace
keeps the numbers of its members to itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_KIBIBYTE: Final = 1024


def peak_of_descendants(process_id: int) -> int:
    """The sum, in bytes, of the high water marks of a process's descendants that live now."""
    total = 0
    waiting = [process_id]
    while waiting:
        parent = waiting.pop()
        for child in children(parent):
            waiting.append(child)
            total += high_water_mark(child)
    return total


def children(process_id: int) -> list[int]:
    """The children of a process; none if it is gone."""
    try:
        text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def high_water_mark(process_id: int) -> int:
    """The most memory that a process has had at a time, in bytes; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    except OSError:
        return 0
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * _KIBIBYTE
    return 0

"""Who the subject is: user and group ids in the box, and what they are outside.

As root of the host the ids of a box are mapped to a range that nothing on the host has: root in
the box is nobody outside, and the pod's user is real. Where the harness is root of a container
with fewer ids, they are mapped to themselves; an ordinary user has himself alone, who is root in
one box and the pod's user in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from injector_conformance.host.privilege import is_powerful
from injector_conformance.stages.stage import POD_GROUP, POD_USER

BASE: Final = 0x7000_0000
"""The first id of the range: above what is given to users, services, and systemd's containers."""

COUNT: Final = 0x0FFF_0000
"""How many there are: every id that an archive's classic fields can hold is one."""

_FEWEST: Final = 65536


@dataclass(frozen=True, slots=True)
class Ids:
    """What the ids of a box are outside.

    Attributes:
        base: what root in the box is outside, and the pod's user without his number.
        count: how many ids there are from there on; 1 for a box of one user alone.
    """

    base: int
    count: int

    @property
    def are_many(self) -> bool:
        """Whether one box has all users."""
        return self.count > 1

    def maps(self, user: Literal["root", "pod"]) -> tuple[str, str]:
        """The lines for uid_map and gid_map."""
        if self.are_many:
            line = f"0 {self.base} {self.count}\n"
            return line, line
        inner = (POD_USER, POD_GROUP) if user == "pod" else (0, 0)
        return f"{inner[0]} {self.base} 1\n", f"{inner[1]} {self.base} 1\n"


def available() -> Ids:
    """What this process can map."""
    if not is_powerful():
        return Ids(0, 1)
    extents = [_extents(name) for name in ("uid_map", "gid_map")]
    if all(_covers(one, BASE, COUNT) for one in extents):
        return Ids(BASE, COUNT)
    if all(_covers(one, 0, _FEWEST) for one in extents):
        return Ids(0, _FEWEST)
    return Ids(0, 1)


def _extents(name: str) -> list[tuple[int, int]]:
    """First id and length of what is mapped into this process's own user namespace."""
    lines = Path(f"/proc/self/{name}").read_text().splitlines()
    return [(int(first), int(length)) for first, _, length in (line.split() for line in lines)]


def _covers(extents: list[tuple[int, int]], first: int, count: int) -> bool:
    return any(begin <= first and first + count <= begin + size for begin, size in extents)

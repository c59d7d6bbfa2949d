"""Snapshots: what lies in a directory, read without following any link.

Two views are taken. The *tree* is what SPEC.md speaks of: types, names, contents, modes, links.
The *prints* also hold owners, times and link counts, to tell whether anything at all has changed
outside of it (BOX-1).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from injector_conformance.host.looking import Budget, Inode, Print, TooMuch, Walk
from injector_fixtures.tree import Directory, Entry, Regular, Tree

__all__ = ["Budget", "Inode", "Print", "Snapshot", "take"]

_USUAL: Final = Budget()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A directory at one moment: every object below it, and itself under the name ``b"."``.

    ``excess`` says, in words, why the look was given up, and ``prints`` has only a part then; it
    is empty for a directory that was seen whole.
    """

    prints: dict[bytes, Print]
    excess: str = ""

    @property
    def inodes(self) -> frozenset[Inode]:
        """The inodes of everything but directories."""
        return frozenset(
            one.inode for one in self.prints.values() if not isinstance(one.entry, Directory)
        )

    def tree(self) -> Tree:
        """The snapshot as a tree, hard links told by the smallest name of each group."""
        first: dict[Inode, bytes] = {}
        shared = set()
        names = sorted(self.prints.keys() - {b"."})
        for name in names:
            found = self.prints[name]
            if isinstance(found.entry, Regular) and first.setdefault(found.inode, name) != name:
                shared.add(found.inode)
        tree: dict[bytes, Entry] = {}
        for name in names:
            found = self.prints[name]
            entry = found.entry
            if isinstance(entry, Regular) and found.inode in shared:
                entry = replace(entry, first_name=first[found.inode])
            tree[name] = entry
        return tree


def take(
    directory: Path,
    skip: frozenset[bytes] = frozenset(),
    *,
    contents: bool = True,
    budget: Budget = _USUAL,
) -> Snapshot:
    """Read ``directory`` and everything below it, but not the top-level names in ``skip``.

    Objects that cannot be read (modes 000 left behind) are made readable for the time being; the
    mode that is recorded, and that they have afterwards, is the one that was found. A directory
    that is missing or is none gives an empty snapshot.

    Args:
        directory: where to look.
        skip: names that are passed over.
        contents: whether to read files and attributes. Where a write shows in the modification
            time, sizes and times tell as much: digests and attributes are left empty.
        budget: what it may cost; a directory beyond it gives a snapshot with an ``excess``.
    """
    walk = Walk(contents, budget)
    try:
        found = directory.lstat()
    except FileNotFoundError:
        return Snapshot({})
    if not stat.S_ISDIR(found.st_mode):
        return Snapshot({})
    excess = ""
    try:
        walk.go(os.fsencode(directory), found, skip)
    except TooMuch as reason:
        excess = str(reason)
    finally:
        walk.end()
    return Snapshot(walk.prints, excess)

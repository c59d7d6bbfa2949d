"""Links that lead nowhere, as far as the tree itself can tell."""

from __future__ import annotations

import posixpath
from typing import Final

from injector_fixtures.tree import Symlink, Tree

_STEPS: Final = 40
"""Links that the kernel follows before it says ELOOP."""


def has_link_to_nowhere(tree: Tree) -> bool:
    """Whether whoever follows every link of a tree finds nothing behind one of them."""
    return any(
        isinstance(entry, Symlink) and _leads_nowhere(tree, name) for name, entry in tree.items()
    )


def _leads_nowhere(tree: Tree, name: bytes) -> bool:
    for _ in range(_STEPS):
        entry = tree.get(name)
        if not isinstance(entry, Symlink):
            return entry is None and name != b"."
        name = posixpath.normpath(posixpath.join(posixpath.dirname(name), entry.target))
    return True

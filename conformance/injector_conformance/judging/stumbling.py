"""Links that stop whoever follows them, as far as the tree itself can tell."""

from __future__ import annotations

import posixpath
from typing import Final

from injector_fixtures.tree import Symlink, Tree

_STEPS: Final = 40
"""Links that the kernel follows before it says ELOOP."""


def has_stumbling_block(tree: Tree) -> bool:
    """Whether a link leads nowhere, or to a directory that it lies in: a walk goes round there."""
    return any(isinstance(entry, Symlink) and _stops(tree, name) for name, entry in tree.items())


def _stops(tree: Tree, link: bytes) -> bool:
    name = link
    for _ in range(_STEPS):
        entry = tree.get(name)
        if not isinstance(entry, Symlink):
            return entry is None or link.startswith(name + b"/")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(name), entry.target))
    return True

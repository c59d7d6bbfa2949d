"""The plain payload that most cases of this chapter run under odd circumstances (RUN)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Conditions, Control
from injector_conformance.chapters.recipes import FOLDER, Named, Recipe, archived, tree
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, Tree, regular

PROGRAM: Final = b"#!/bin/sh\necho serving\n"
IMAGE: Final = bytes(range(256)) * 40
"""Ten kilobytes: more than one block, and more than most buffers for small things."""

MEMBERS: Final = (
    *(tar.file(b"zarf-registry", PROGRAM), tar.file(b"seed-image.tar", IMAGE)),
    *(tar.directory(b"d/"), tar.file(b"d/empty"), tar.file(b"d/program", PROGRAM)),
)
"""Files and directories, and nothing that another chapter is about: no links, no odd names."""

NAMED: Final[Named] = {
    b"zarf-registry": PROGRAM,
    b"seed-image.tar": IMAGE,
    b"d": FOLDER,
    b"d/empty": b"",
    b"d/program": PROGRAM,
}
TREE: Final[Tree] = tree(NAMED)

GOOD: Final[Recipe] = archived(*MEMBERS)
DAMAGED: Final[Recipe] = archived(tar.header(b"a", checksum=1), *MEMBERS)
"""The same behind a header with a wrong checksum: damage where every reader looks first."""

EVERYTHING: Final[Recipe] = archived(
    *(*MEMBERS, tar.symlink(b"link", b"d/empty"), tar.hardlink(b"same", b"zarf-registry")),
)
EVERYTHING_TREE: Final[Tree] = tree(
    {
        **NAMED,
        b"link": Symlink(b"d/empty"),
        b"zarf-registry": regular(PROGRAM, first_name=b"same"),
        b"same": regular(PROGRAM, first_name=b"same"),
    }
)
"""One of everything that a payload may hold."""

PLAIN: Final = Control(GOOD, TREE, Conditions())
"""The sample under ordinary conditions, for cases that are about odd ones."""


def alike(init: Recipe, whole_tree: Tree, *requirements: str) -> Control:
    """Another payload under ordinary conditions, and what it is about itself."""
    return Control(init, whole_tree, Conditions(), requirements)


def under(conditions: Conditions, *requirements: str) -> Control:
    """The sample under the conditions of a case that adds damage to them."""
    return Control(GOOD, TREE, conditions, requirements, PLAIN)

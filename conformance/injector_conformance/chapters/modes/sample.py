"""What cases about modes have in common: a payload whose modes an injector has to set (MODE)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Conditions, Control
from injector_conformance.chapters.recipes import FOLDER, Named, archived, tree
from injector_fixtures import tar

_DATA: Final = b"data\n"
_MEMBERS: Final = archived(
    tar.file(b"a", _DATA, mode=0o600),
    *(tar.directory(b"d/", mode=0o700), tar.file(b"d/f", _DATA, mode=0o644)),
)
_TREE: Final[Named] = {b"a": _DATA, b"d": FOLDER, b"d/f": _DATA}

PLAIN: Final = Control(_MEMBERS, tree(_TREE), Conditions(), ("MODE-1",))
"""Plain files under ordinary conditions.

Who sets no modes here breaks MODE-1, and shows nothing by setting none where something stands in
the way.
"""

AS_POD: Final = Control(
    archived(tar.file(b"a", _DATA, mode=0o600)),
    tree({b"a": _DATA}),
    Conditions(user="pod"),
    ("RUN-5",),
    PLAIN,
)
"""The same for cases as the pod's user: without directories, which inherit from the pod's own."""

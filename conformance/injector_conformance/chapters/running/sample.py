"""The ordinary payload that most cases of this chapter run under odd circumstances (RUN)."""

from __future__ import annotations

from typing import Final

from injector_conformance.chapters.recipes import (
    FOLDER,
    Named,
    Recipe,
    archived,
    tree,
    whole,
)
from injector_fixtures import gzip, tar
from injector_fixtures.tree import Symlink, Tree, regular

PROGRAM: Final = b"#!/bin/sh\necho serving\n"
IMAGE: Final = bytes(range(256)) * 40
"""Ten kilobytes: more than one block, and more than most buffers for small things."""

MEMBERS: Final = (
    *(tar.directory(b"./"), tar.file(b"./zarf-registry", PROGRAM)),
    *(tar.file(b"seed-image.tar", IMAGE), tar.directory(b"d/", mode=0o700)),
    *(tar.file(b"d/empty"), tar.file(b"made/for/it", PROGRAM)),
    *(tar.symlink(b"link", b"d/empty"), tar.symlink(b"dangling", b"missing")),
    tar.hardlink(b"same", b"zarf-registry"),
)

NAMED: Final[Named] = {
    b"zarf-registry": regular(PROGRAM, first_name=b"same"),
    b"seed-image.tar": IMAGE,
    b"d": FOLDER,
    b"d/empty": b"",
    b"made": FOLDER,
    b"made/for": FOLDER,
    b"made/for/it": PROGRAM,
    b"link": Symlink(b"d/empty"),
    b"dangling": Symlink(b"missing"),
    b"same": regular(PROGRAM, first_name=b"same"),
}
TREE: Final[Tree] = tree(NAMED)
"""One of everything, as a payload may hold it."""

GOOD: Final[Recipe] = archived(*MEMBERS)
DAMAGED: Final[Recipe] = whole(gzip.tgz(*MEMBERS, crc=0))
"""The same with a wrong CRC-32, which shows only when all files have been written."""

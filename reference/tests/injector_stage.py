"""A stage for the reference: an init directory and an output directory."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from injector_fixtures import gzip, layout, tar
from zarf_injector.injection import inject


@dataclass(frozen=True)
class Stage:
    """Two directories, and the injector between them."""

    init: Path
    output: Path

    def inject(self, payload: bytes, *, size: int = layout.CHUNK_SIZE) -> list[str]:
        """Inject ``payload`` in chunks of ``size`` bytes; returns the progress lines."""
        for old in self.init.iterdir():
            old.unlink()
        layout.subpath(layout.cut(payload, size)).write(self.init)
        lines: list[str] = []
        inject(
            os.fsencode(self.init),
            os.fsencode(self.output),
            hashlib.sha256(payload).hexdigest(),
            lines.append,
        )
        return lines

    def extract(self, *members: bytes, end: bytes = tar.END) -> list[str]:
        """Inject an archive of ``members``."""
        return self.inject(gzip.tgz(*members, end=end))

    def tree(self) -> dict[bytes, bytes | None]:
        """What is below the output directory, by name.

        Files are their contents, directories None, and links an arrow and their text.
        """
        return dict(_walk(os.fsencode(self.output), b""))

    def modes(self) -> set[int]:
        """The permission bits that occur below the output directory, links left out."""
        root = os.fsencode(self.output)
        found = [os.lstat(os.path.join(root, name)).st_mode for name in self.tree()]
        return {stat.S_IMODE(mode) for mode in found if not stat.S_ISLNK(mode)}


def _walk(root: bytes, below: bytes) -> list[tuple[bytes, bytes | None]]:
    found: list[tuple[bytes, bytes | None]] = []
    for entry in os.scandir(os.path.join(root, below)):
        name = os.path.join(below, entry.name)
        if entry.is_symlink():
            found.append((name, b"-> " + os.readlink(entry.path)))
        elif entry.is_dir():
            found += [(name, None), *_walk(root, name)]
        else:
            found.append((name, Path(os.fsdecode(entry.path)).read_bytes()))
    return found

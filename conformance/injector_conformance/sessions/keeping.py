"""Keeping what a run left: the output tree as an archive, for whoever mends an injector.

What was left is hostile. The archive holds directories, links and files, no devices or pipes, no
owners, and no bits that would let a program run as somebody else. The list beside it tells the
whole tree as it was seen, modes and all.
"""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from injector_conformance.observations.observation import Observation
from injector_conformance.stages.snapshot import Print
from injector_conformance.stages.stage import Stage
from injector_fixtures import mtree
from injector_fixtures.tree import Directory, Regular, Symlink

ARCHIVE: Final = "output.tar"
LISTING: Final = "output.mtree"
LEFT_OUT: Final = "output.left-out"
"""Names that the archive lacks, and why; there is none if it lacks nothing."""

MOST_CONTENT: Final = 64 << 20
"""Bytes of files that one archive holds."""

MOST_OBJECTS: Final = 20_000
"""Objects that one archive holds."""

_HARMLESS: Final = 0o777


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps what runs left below a directory, each under the id of its case."""

    directory: Path

    def keep(self, case_id: str, seen: Observation, stage: Stage) -> None:
        """Keep what lies in a stage's output directory now; what was kept of the case is replaced.

        Raises:
            OSError: it cannot be written.
        """
        place = self.directory / case_id
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        if not seen.is_observed:
            return
        (place / LISTING).write_text(mtree.write(seen.tree), encoding="ascii")
        lacking = list(_archive(seen.output.prints, stage.output, place / ARCHIVE))
        if seen.output.excess:
            lacking.append(f"what was not looked at: {seen.output.excess}")
        if lacking:
            text = "".join(f"{line}\n" for line in lacking)
            (place / LEFT_OUT).write_text(text, encoding="utf-8")


def _archive(prints: dict[bytes, Print], output: Path, path: Path) -> Iterator[str]:
    """Write the archive; what it does not hold is told, with the reason."""
    top, left, names = os.fsencode(output), MOST_CONTENT, sorted(prints.keys() - {b"."})
    written: dict[tuple[int, int], str] = {}
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in names[:MOST_OBJECTS]:
            found = prints[name]
            one = tarfile.TarInfo(os.fsdecode(name))
            one.mtime = max(found.modified, 0) // 1_000_000_000
            match found.entry:
                case Directory(mode):
                    one.type, one.mode = tarfile.DIRTYPE, mode & _HARMLESS
                    archive.addfile(one)
                case Symlink(target):
                    one.type, one.linkname = tarfile.SYMTYPE, os.fsdecode(target)
                    archive.addfile(one)
                case Regular() if found.inode in written:
                    one.type, one.linkname = tarfile.LNKTYPE, written[found.inode]
                    archive.addfile(one)
                case Regular(size, mode=mode) if size <= left:
                    one.size, one.mode = size, mode & _HARMLESS
                    try:
                        with _opened(top, name, size) as file:
                            archive.addfile(one, file)
                    except OSError as error:
                        yield f"{mtree.escape(name)}: cannot be read: {error.strerror or error}"
                        continue
                    left -= size
                    written[found.inode] = one.name
                case Regular(size):
                    yield f"{mtree.escape(name)}: {size:,} bytes are too many"
                case special:
                    yield f"{mtree.escape(name)}: {special.kind}"
    if len(names) > MOST_OBJECTS:
        yield f"{len(names) - MOST_OBJECTS:,} objects behind the first {MOST_OBJECTS:,}"


@contextmanager
def _opened(top: bytes, name: bytes, size: int) -> Iterator[IO[bytes]]:
    """A regular file of the size that was seen, opened on no other way than its directories.

    Nobody runs in the stage any more, so that what was seen is there still; modes that close it
    are opened, for the output directory is gone with the next case.

    Raises:
        OSError: it cannot be read, or is something else.
    """
    path = top + b"/" + name
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
    try:
        descriptor = os.open(path, flags)
    except PermissionError:
        parts = path.split(b"/")
        for end in range(top.count(b"/") + 1, len(parts) + 1):
            os.chmod(b"/".join(parts[:end]), stat.S_IRWXU)
        descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            raise OSError(f"is no file of {size:,} bytes any more")
        yield file

"""The stage of a container: its directories are mounted into it, so the subject lies in them."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from injector_conformance.case import Case
from injector_conformance.stage import CANARY, INIT, OLD, OUTPUT, PROGRAM, Stage
from injector_fixtures.layout import InitDirectory

MOUNTED = (INIT, OUTPUT, CANARY)


class ContainerStage(Stage):
    """A stage whose init directory holds a copy of the subject.

    A file cannot be mounted over a long-lived container's ``/zarf-stage1/zarf-injector``: laying
    out the next case removes what it is mounted on. The copy is made anew for every case, so a
    subject that writes to itself judges nobody but itself.
    """

    def __init__(
        self, root: Path, mount_points: tuple[Path, ...] = (), binary: Path | None = None
    ) -> None:
        """See :class:`Stage`; ``binary`` is the subject if it is a single file."""
        self._binary = binary
        super().__init__(root, mount_points)

    def prepare(self, case: Case, init: InitDirectory) -> None:
        """See :class:`Stage`."""
        super().prepare(case, init)
        if self._binary is not None:
            program = self.init / PROGRAM
            program.unlink()
            shutil.copyfile(self._binary, program)
            program.chmod(0o755)
            os.utime(self.init, (OLD, OLD))

    def note_outside(self, path: str) -> None:
        """Show a change of the container's own file system as one outside of the output."""
        mark = self.root / path.lstrip("/")
        with contextlib.suppress(OSError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()

    def identity(self) -> tuple[tuple[int, int], ...]:
        """Device and inode of what is mounted: another one means that the mounts are stale."""
        found = ((self.root / name).lstat() for name in MOUNTED)
        return tuple((one.st_dev, one.st_ino) for one in found)

"""The stage of a container: its directories are mounted into it, so the subject lies in them."""

from __future__ import annotations

import contextlib

from injector_conformance.stages.stage import CANARY, Stage


class ContainerStage(Stage):
    """A stage for a container that lives on.

    No file can be mounted over the program in its init directory: laying out the next case
    removes what it is mounted on. So the subject, if it is one file, lies in the init directory.
    """

    def note_outside(self, path: str) -> None:
        """Show a change of the container's own file system as one outside of the output."""
        mark = self.root / path.lstrip("/")
        with contextlib.suppress(OSError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()

    def identity(self) -> tuple[tuple[int, int], ...]:
        """Device and inode of what is mounted: another one means that the mounts are stale."""
        mounted = (self.init, self.output, self.root / CANARY)
        found = (path.lstat() for path in mounted)
        return tuple((one.st_dev, one.st_ino) for one in found)

"""Sandboxes: where a subject runs, so that nothing it does can reach the host.

A driver implements :class:`Sandbox`. The session asks it what it cannot provide, prepares a stage,
and lets it run the subject there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from injector_conformance.cases.case import Conditions
from injector_conformance.sandbox.live import Attend
from injector_conformance.stages.stage import Stage
from injector_conformance.subjects.subject import Subject

if TYPE_CHECKING:
    from injector_conformance.sandbox.place import Place


class SandboxError(Exception):
    """The sandbox cannot be set up here; the message says what to install or to allow."""


class Stop(Enum):
    """Why the harness ended a run that did not end by itself."""

    DEADLINE = "deadline"
    DISK = "disk space"


@dataclass(frozen=True, slots=True)
class Run:
    """What a driver saw of one run.

    Attributes:
        status: exit status, or 128 + N or -N for death by signal N.
        stopped: why the harness stopped it, if it did; ``status`` then means nothing.
        stdout: the first bytes of the output, at most :data:`process.CAPTURE_LIMIT`.
        stderr: likewise.
        seconds: wall time.
        peak_memory: bytes, where the driver was asked to watch it and could.
        after: what came of the command that was to be executed next, if it was.
    """

    status: int
    stopped: Stop | None
    stdout: bytes
    stderr: bytes
    seconds: float
    peak_memory: int | None = None
    after: Run | None = None


class Sandbox(Protocol):
    """A driver. One instance serves one session and may be used from several threads."""

    name: str
    """The word for ``--sandbox`` and reports."""

    details: dict[str, str]
    """Facts for reports: versions, image, platform, whether the machine is emulated."""

    may_fork: bool
    """Whether copies of the process may go on with an opened driver, each with stages of its own.
    They close it; so does the process itself."""

    may_lie_in_memory: bool
    """Whether stages may lie on a file system in memory."""

    is_private: bool
    """Whether nobody but this process, its copies and the driver has to see the stages."""

    def open(self, subject: Subject, work: Path | Place) -> None:
        """Get ready to run a subject.

        Args:
            subject: what is run.
            work: a directory for the driver's own files, or a place if the driver is private.

        Raises:
            SandboxError: it cannot be done here.
        """

    def close(self) -> None:
        """Remove everything that :meth:`open` and the runs made outside ``work``."""

    def new_stage(self, root: Path) -> Stage:
        """Make a stage in the empty directory ``root``, with what the subject needs in it."""

    def missing(self, conditions: Conditions) -> str | None:
        """Why the driver cannot provide ``conditions`` here; None if it can."""

    def run(
        self,
        stage: Stage,
        arguments: Sequence[str],
        conditions: Conditions,
        timeout: float,
        watch_memory: bool = False,
        *,
        attend: Attend | None = None,
    ) -> Run:
        """Run the subject once on a prepared stage; afterwards nothing of it is alive.

        Args:
            stage: from :meth:`new_stage`, prepared; used by one run at a time.
            arguments: of the contract, after the subject's own words.
            conditions: the surroundings; :meth:`missing` answered None for them.
            timeout: seconds of wall time.
            watch_memory: whether to fill :attr:`Run.peak_memory`.
            attend: called with the subject instead of waiting for it: for subjects that serve.

        Raises:
            SandboxError: the sandbox itself failed.
        """

"""The driver for root where namespaces are not permitted, as in many build containers.

It is no sandbox for a subject that is not trusted: root in it is root of the host. So it is taken
only where it is asked for by name. It can run subjects that are one static file, and cannot
provide conditions that need a mount.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Conditions
from injector_conformance.profiles import DEFAULT
from injector_conformance.sandbox import Run, SandboxError, Stop, jail, launcher
from injector_conformance.sandbox.live import NO_NETWORK, Attend
from injector_conformance.sandbox.memory import peak_of_descendants
from injector_conformance.sandbox.place import Place, path_of
from injector_conformance.sandbox.process import Plan, environment, supervise
from injector_conformance.stages.stage import POD_GROUP, POD_USER, Stage
from injector_conformance.subjects.subject import Subject

WARNING: Final = "no sandbox: the subject is trusted, it is root of the host as the suite is"

_MARGIN: Final = 5.0
"""Seconds after its own deadline by which the launcher has ended everything."""


class Chroot:
    """The driver ``chroot``."""

    name = "chroot"
    may_fork = True
    may_lie_in_memory = False
    is_private = False

    def __init__(self) -> None:
        """Check what can be checked before there is a subject.

        Raises:
            SandboxError: the user is not root, or the machine is unknown to the launcher.
        """
        if os.geteuid() != 0:
            raise SandboxError("the chroot sandbox needs root; or use --sandbox namespaces")
        if platform.machine() not in jail.MACHINES:
            raise SandboxError(
                f"the chroot sandbox does not know {platform.machine()};"
                f" it knows {', '.join(jail.MACHINES)}"
            )
        self.details: dict[str, str] = {"warning": WARNING}
        self._program = Path()
        self._profile = DEFAULT
        self._launcher = Path()

    def open(self, subject: Subject, work: Path | Place) -> None:
        """See :class:`Sandbox`; the launcher is copied into ``work``."""
        if subject.binary is None or subject.is_interpreted:
            raise SandboxError(
                "the chroot sandbox runs a single static file only; use --sandbox"
                " namespaces, or --sandbox container, for anything that needs more"
            )
        self._program, self._profile = subject.binary, subject.profile
        self._launcher = launcher.install(platform.machine(), path_of(work))

    def close(self) -> None:
        """See :class:`Sandbox`; everything is in the work directory."""

    def new_stage(self, root: Path) -> Stage:
        """See :class:`Sandbox`."""
        return Stage(root, program=self._program, profile=self._profile)

    def missing(self, conditions: Conditions) -> str | None:
        """See :class:`Sandbox`."""
        if conditions.needs_container:
            return "only in containers: --sandbox container"
        needs_mount = (
            conditions.root == "read-only"
            or conditions.output != "directory"
            or conditions.init_read_only
        )
        if needs_mount:
            return "the chroot sandbox cannot mount anything"
        if conditions.as_pid_1:
            return "the chroot sandbox has no process namespace"
        return None

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
        """See :class:`Sandbox`."""
        if attend is not None:
            raise SandboxError(NO_NETWORK)
        user, group = (POD_USER, POD_GROUP) if conditions.user == "pod" else (0, 0)
        words = (str(stage.root), str(timeout), str(user), str(group), stage.profile.program)
        plan = Plan(
            argv=(
                *(str(self._launcher), *launcher.options(conditions), "x", "--"),
                *(sys.executable, "-I", "-S", jail.__file__, *words, *arguments),
            ),
            environment=environment(conditions),
            inherited=(),
            space=stage.root,
        )
        run = supervise(plan, timeout + _MARGIN, peak_of_descendants if watch_memory else None)
        if run.status == jail.FAILURE_STATUS:
            raise SandboxError(run.stderr.decode(errors="replace").strip())
        if run.status == jail.DEADLINE_STATUS:
            return replace(run, stopped=Stop.DEADLINE)
        return run

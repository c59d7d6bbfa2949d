"""The driver: a box for each stage, and in it a cell for each run."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

from injector_conformance.cases.case import Conditions
from injector_conformance.host.privilege import is_powerful
from injector_conformance.sandbox import Run, SandboxError, place
from injector_conformance.sandbox.live import Attend
from injector_conformance.sandbox.namespaces import ids, ipv6, opening, words
from injector_conformance.sandbox.namespaces.box import Box
from injector_conformance.sandbox.namespaces.probe import has_users
from injector_conformance.sandbox.place import Place
from injector_conformance.sandbox.process import environment
from injector_conformance.stages.stage import Stage
from injector_conformance.subjects.subject import Subject

_PROBE_SIZE: Final = 1 << 20

OURS: Final = "the host's ids are the box's own: user namespaces are not to be had"


class Namespaces:
    """The driver ``namespaces``."""

    name = "namespaces"
    may_fork = True
    may_lie_in_memory = True
    is_private = True

    def __init__(self) -> None:
        """Nothing is tried yet."""
        self._subject: Subject | None = None
        self._places: list[tuple[Path, Place]] = []
        self._shown: tuple[Path, ...] = ()
        self._sources: tuple[Path, ...] = ()
        self._ids = ids.available()
        self._has_users = True
        self._boxes: dict[tuple[Path, str], Box] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self._closing = ExitStack()
        self._opener = os.getpid()
        self.details: dict[str, str] = {}

    def open(self, subject: Subject, work: Path | Place) -> None:
        """See :class:`Sandbox`; tries an empty box first, so that its failure is explained."""
        self._subject = subject
        self._shown = tuple(path for path in subject.exposed if not path.is_symlink())
        self._sources = self._shown
        self._has_users = has_users(self.add_place(work), self._ids)
        if is_powerful():
            self._sources = opening.sources(self._shown, work)
        self.details = {"version": platform.release()}
        if not self._has_users:
            self.details["users"] = OURS

    def add_place(self, work: Path | Place) -> Place:
        """Get ready for stages in a further place.

        Raises:
            SandboxError: it cannot be done here.
        """
        if not isinstance(work, Place):
            added = work, self._closing.enter_context(place.around(work))
        else:
            added = work.path, work
        self._places.append(added)
        return added[1]

    def close(self) -> None:
        """See :class:`Sandbox`; everything else is gone with the place."""
        with self._lock:
            self._is_closed = True
            boxes = list(self._boxes.values())
            self._boxes.clear()
        for box in boxes:
            box.close()
        if os.getpid() == self._opener:
            self._closing.close()

    def new_stage(self, root: Path) -> Stage:
        """See :class:`Sandbox`."""
        subject = self._opened
        points = (*subject.exposed, Path("/dev"))
        if subject.is_interpreted:
            points = (*points, Path("/proc"))
        base = self._ids.base if self._has_users and self._ids.are_many else None
        program = subject.binary
        return Stage(root, points, program, subject.profile, base=base, is_mounted=False)

    def missing(self, conditions: Conditions) -> str | None:
        """See :class:`Sandbox`."""
        if conditions.needs_container:
            return "only in containers: --sandbox container"
        if conditions.needs_ipv6 and not ipv6.is_there():
            return ipv6.MISSING
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
        subject = self._opened
        work, _ = self._place_of(stage)
        root = f"{place.INSIDE}/{stage.root.relative_to(work)}"
        surroundings = words.surroundings(
            stage,
            root,
            conditions,
            exposed=self._shown,
            is_interpreted=subject.is_interpreted,
        )
        message = words.message(
            surroundings,
            conditions,
            (*subject.argv, *arguments),
            environment(conditions),
            changes_user=self._is_changeable,
            is_held=attend is not None,
        )
        user: Literal["root", "pod"] = "root" if self._is_changeable else conditions.user
        return self._box(stage, user).run(
            message,
            timeout,
            stage.root,
            levels=2 if conditions.as_pid_1 else 3,
            watch_memory=watch_memory,
            attend=attend,
        )

    def probe(self) -> None:
        """Try an empty box.

        Raises:
            SandboxError: it cannot be made; the message says what to allow.
        """
        with place.in_memory(_PROBE_SIZE, 64) as tried:
            has_users(tried, self._ids)

    @property
    def _opened(self) -> Subject:
        if self._subject is None:
            raise SandboxError("the sandbox was used before it was opened")
        return self._subject

    def _place_of(self, stage: Stage) -> tuple[Path, Place]:
        """Where the stage lies: as the harness sees it, and the place itself."""
        for work, found in self._places:
            if stage.root.is_relative_to(work):
                return work, found
        raise SandboxError(f"the stage {stage.root} lies in no place of this sandbox")

    @property
    def _is_changeable(self) -> bool:
        """Whether one box has both users."""
        return not self._has_users or self._ids.are_many

    def _box(self, stage: Stage, user: Literal["root", "pod"]) -> Box:
        """The stage's box, which one run at a time uses."""
        with self._lock:
            found = self._boxes.get((stage.root, user))
        if found is not None and found.is_usable:
            return found
        if found is not None:
            found.close()
        maps = self._ids.maps(user) if self._has_users else None
        found = Box(self._place_of(stage)[1], maps, self._sources)
        with self._lock:
            if not self._is_closed:
                self._boxes[stage.root, user] = found
                return found
        found.close()
        raise SandboxError("the sandbox was closed while a subject was to run")

"""The driver itself: which container a case gets, and what its run says."""

from __future__ import annotations

import platform as host
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Conditions
from injector_conformance.host import aftermath, leftovers
from injector_conformance.images.emulation import is_native
from injector_conformance.images.errors import ImageError
from injector_conformance.images.pins import ALPINE
from injector_conformance.images.store import connect, obtain
from injector_conformance.profiles.profile import PROGRAM
from injector_conformance.sandbox import Run, SandboxError, launcher
from injector_conformance.sandbox.container import exposure, facts, launch
from injector_conformance.sandbox.container.box import Box, Ended, explained
from injector_conformance.sandbox.container.fitness import (
    MACHINES,
    check_access,
    check_platform,
    platform_of,
)
from injector_conformance.sandbox.container.shape import Shape
from injector_conformance.sandbox.container.stage import ContainerStage
from injector_conformance.sandbox.container.watch import Watch
from injector_conformance.sandbox.live import NO_NETWORK, Attend
from injector_conformance.sandbox.place import Place, path_of
from injector_conformance.stages.stage import Stage
from injector_conformance.subjects.subject import Subject

NATIVE: Final = "native"
EMULATED: Final = "emulated"

_TEXT_BUSY: Final = "Text file busy"
_ATTEMPTS: Final = 5
_KILLED: Final = -9
_NOT_EXECUTABLE: Final = 126


class Container:
    """The driver ``container``."""

    name = "container"
    may_fork = False
    may_lie_in_memory = False
    is_private = False

    def __init__(self, image: str = ALPINE, platform: str | None = None) -> None:
        """Choose an image.

        Args:
            image: ``alpine`` or ``empty`` for the pinned images, or any name that the daemon
                knows or a registry has.
            platform: ``linux/amd64`` or ``linux/arm64``; by default that of the subject.
        """
        self._wanted = image
        self._platform = platform
        self._images: dict[str, str] = {}
        self._subject: Subject | None = None
        self._binary: Path | None = None
        self._launcher = Path()
        self._exposed: list[tuple[Path, Path]] = []
        self._boxes: dict[tuple[ContainerStage, Shape], tuple[Box, object]] = {}
        self._lock = threading.Lock()
        self._obtaining = threading.Lock()
        self._is_closed = False
        self._closing = ExitStack()
        self.details: dict[str, str] = {}

    def open(self, subject: Subject, work: Path | Place) -> None:
        """See :class:`Sandbox`; gets the image and tries a container."""
        platform = self._platform or platform_of(subject.machine)
        check_platform(subject, platform)
        self._subject, self._platform = subject, platform
        work = path_of(work)
        self._launcher = launcher.install(host.machine(), work)
        self._exposed = exposure.mounts(subject.exposed, work)
        if subject.binary is not None:
            self._binary = work / PROGRAM
            shutil.copyfile(subject.binary, self._binary)
            self._binary.chmod(0o755)
        try:
            client = self._closing.enter_context(connect())
            with explained("answer"):
                check_access(client)
                leftovers.reap(client)
                self._closing.enter_context(
                    aftermath.arranged(aftermath.CONTAINERS, leftovers.owner())
                )
                image = obtain(client, self._wanted, platform)
                attributes = client.images.get(image).attrs
                self._images[""] = image
                version = client.version()["Version"]
        except ImageError as error:
            raise SandboxError(str(error)) from error
        trial = work / "trial"
        trial.mkdir()
        box = self._new_box(self._new_stage(trial), Shape.of(Conditions(), subject.profile))
        try:
            self.details = {
                **facts.of_image(image, attributes, box),
                "platform": platform,
                "machine": NATIVE if is_native(MACHINES[platform]) else EMULATED,
                "daemon": version,
            }
        finally:
            box.remove()

    def close(self) -> None:
        """See :class:`Sandbox`."""
        with self._lock:
            self._is_closed = True
            boxes = [box for box, _ in self._boxes.values()]
            self._boxes.clear()
        for box in boxes:
            box.remove()
        self._closing.close()

    def new_stage(self, root: Path) -> Stage:
        """See :class:`Sandbox`."""
        return self._new_stage(root)

    def missing(self, conditions: Conditions) -> str | None:
        """See :class:`Sandbox`; with the launcher's help a container provides them all."""
        del conditions
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
        if not isinstance(stage, ContainerStage):
            raise SandboxError("the stage is another driver's")
        shape = Shape.of(conditions, stage.profile)
        words = launch.words(
            (*self._opened.argv, *arguments), conditions, is_first_process=conditions.as_pid_1
        )
        started = time.perf_counter()
        watch = Watch(timeout, stage.root)
        if conditions.as_pid_1:
            box = self._new_box(stage, shape, words)
            try:
                ended = box.wait(watch)
            finally:
                box.remove()
        else:
            ended, next_ended = self._execute(stage, shape, words, watch, conditions)
            if next_ended is not None:
                after = self._as_run(next_ended, time.perf_counter() - started, False)
                run = self._as_run(ended, time.perf_counter() - started, watch_memory)
                return replace(run, after=after)
        return self._as_run(ended, time.perf_counter() - started, watch_memory)

    def _execute(
        self,
        stage: ContainerStage,
        shape: Shape,
        words: Sequence[str],
        watch: Watch,
        conditions: Conditions,
    ) -> tuple[Ended, Ended | None]:
        """Run in the stage's container of that shape, which is thrown away if it is spoiled.

        What the conditions say is to be executed next follows in the same container.
        """
        next_ended = None
        box = self._box(stage, shape)
        keep = False
        try:
            ended = _execute(box, words, watch)
            if conditions.then and ended.ending is not None and ended.ending.status == 0:
                next_ended = _execute_next(box, conditions, watch)
            is_dead = not ended.is_clean or any(
                one.stopped for one in (ended, next_ended) if one is not None
            )
            changed = frozenset() if is_dead else box.new_changes()
            for path in changed:
                stage.note_outside(path)
            keep = not is_dead and not changed and shape.output != "full"
        finally:
            if not keep:
                with self._lock:
                    self._boxes.pop((stage, shape), None)
                box.remove()
        return ended, next_ended

    def _box(self, stage: ContainerStage, shape: Shape) -> Box:
        identity = stage.identity()
        with self._lock:
            box, known = self._boxes.get((stage, shape), (None, None))
        if box is not None and known == identity:
            return box
        if box is not None:
            box.remove()
        box = self._new_box(stage, shape)
        with self._lock:
            if not self._is_closed:
                self._boxes[stage, shape] = (box, identity)
                return box
        box.remove()
        raise SandboxError("the sandbox was closed while a subject was to run")

    def _new_box(self, stage: ContainerStage, shape: Shape, first: Sequence[str] = ()) -> Box:
        return Box(
            self._image(shape.image),
            self._platform or "",
            shape,
            mounts=shape.mounts(stage, self._launcher, self._exposed),
            tmpfs=shape.tmpfs(),
            first=first or (launch.PROGRAM,),
        )

    def _image(self, kind: str) -> str:
        """The image that a case is about, got when the first case asks for it."""
        with self._obtaining:
            if kind not in self._images:
                try:
                    with connect() as client, explained("answer"):
                        self._images[kind] = obtain(client, kind, self._platform or "")
                except ImageError as error:
                    raise SandboxError(str(error)) from error
            return self._images[kind]

    def _new_stage(self, root: Path) -> ContainerStage:
        return ContainerStage(root, self._opened.exposed, self._binary, self._opened.profile)

    def _as_run(self, ended: Ended, seconds: float, watch_memory: bool) -> Run:
        ending = ended.ending
        is_measured = watch_memory and ending is not None and self.details["machine"] == NATIVE
        return Run(
            status=ending.status if ending else _KILLED,
            stopped=ended.stopped,
            stdout=ended.stdout,
            stderr=ended.stderr,
            seconds=ending.seconds if ending else seconds,
            peak_memory=ending.peak_memory if ending and is_measured else None,
        )

    @property
    def _opened(self) -> Subject:
        if self._subject is None:
            raise SandboxError("the sandbox was used before it was opened")
        return self._subject


def _execute(box: Box, words: Sequence[str], watch: Watch) -> Ended:
    """Run, and again if a process of the harness was just forked with the program open."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return box.execute(words, watch)
        except SandboxError as error:
            if _TEXT_BUSY not in str(error):
                raise
    return box.execute(words, watch)


def _execute_next(box: Box, conditions: Conditions, watch: Watch) -> Ended:
    """Run the command that follows the subject; one that cannot be executed has status 126."""
    words = launch.words(conditions.then, Conditions(), is_first_process=False)
    try:
        return box.execute(words, watch, conditions.then_environment)
    except launch.NotStartedError as error:
        ending = launch.Ending(_NOT_EXECUTABLE, None, 0.0)
        return Ended(None, b"", error.reason.encode(), ending)

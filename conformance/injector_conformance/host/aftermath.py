"""What a harness that is killed would leave: a process waits for its end, and removes it.

It is told what to remove when that is made. It lives in a session of its own, so that what ends
the harness does not reach it, and it learns of the end from a pipe: the kernel closes the other
end, whatever became of the harness. A harness that lives to clean up says so.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from injector_conformance.host import interruption
from injector_conformance.host.removal import remove

DIRECTORY: Final = "directory"
CONTAINERS: Final = "containers"

_ALL_IS_WELL: Final = b"."
_SECONDS: Final = 60
_PAUSE: Final = 0.1
"""Seconds between two attempts: what the harness has started may still be about to end."""


@contextmanager
def arranged(kind: str, name: str) -> Iterator[None]:
    """Have something removed if this process does not live to do it itself.

    Args:
        kind: :data:`DIRECTORY` or :data:`CONTAINERS`.
        name: a path; the label's text that containers have.
    """
    reading, writing = os.pipe()
    with interruption.deferred():
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(reading), kind, name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[reading],
            start_new_session=True,
        )
        os.close(reading)
    try:
        yield
    finally:
        with interruption.deferred():
            with contextlib.suppress(BrokenPipeError):
                os.write(writing, _ALL_IS_WELL)
            os.close(writing)
            process.wait()


def _remove_directory(name: str) -> None:
    remove(Path(name))


def _remove_containers(label: str) -> None:
    # The daemon's client takes long to load, and is not there everywhere.
    from injector_conformance.host import leftovers  # noqa: PLC0415

    leftovers.remove(label)


_KINDS: Final[Mapping[str, Callable[[str], None]]] = MappingProxyType(
    {DIRECTORY: _remove_directory, CONTAINERS: _remove_containers}
)


def main(words: list[str]) -> None:
    """Wait for the end of the pipe, then remove.

    Args:
        words: the pipe's descriptor, the kind and the name of what is to be removed.
    """
    descriptor, kind, name = words
    with open(int(descriptor), "rb", buffering=0) as pipe:
        if pipe.read(1):
            return
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            _KINDS[kind](name)
            return
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main(sys.argv[1:])

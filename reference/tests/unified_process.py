"""The injector that serves as a process of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from injector_fixtures.layout import InitDirectory
from tests.served import SECONDS, Answered, answered, request

COMMAND = (sys.executable, "-P", "-m", "zarf_injector.unified")


@dataclass
class Process:
    """A process that serves.

    Attributes:
        port: on 127.0.0.1; 0 where its output is not ours to read.
    """

    popen: subprocess.Popen[bytes]
    port: int

    def connect(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def ask(self, path: str, method: str = "GET", **fields: str) -> Answered:
        """A request on a connection of its own."""
        with self.connect() as stream:
            stream.sendall(request(path, method, **fields))
            return answered(stream, method)

    def status(self, name: str) -> int:
        """A number of ``/proc/PID/status``, such as ``VmHWM``, in KiB."""
        text = Path(f"/proc/{self.popen.pid}/status").read_text(encoding="ascii")
        (found,) = re.findall(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
        return int(found)

    def descriptors(self) -> int:
        """How many descriptors it has open."""
        return len(os.listdir(f"/proc/{self.popen.pid}/fd"))


@contextmanager
def started(
    init: InitDirectory,
    directory: Path,
    *,
    address: str = "127.0.0.1:0",
    words: tuple[str, ...] | None = None,
    beforehand: str = "",
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the injector on chunks below ``directory``, which may have an earlier tree.

    ``beforehand`` is what a shell does before it becomes the injector.
    """
    roots = {"INIT": directory / "init", "SEED": directory / "seed"}
    for root in roots.values():
        root.mkdir(exist_ok=True)
    for old in roots["INIT"].iterdir():
        old.unlink()
    init.write(roots["INIT"])
    named = {f"ZARF_INJECTOR_{name}_ROOT": str(root) for name, root in roots.items()}
    prefix = ("/bin/sh", "-c", f'{beforehand}; exec "$@"', "sh") if beforehand else ()
    popen = subprocess.Popen(
        [*prefix, *COMMAND, *((init.sha256, address) if words is None else words)],
        cwd="/",
        env={**named, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
    )
    try:
        yield popen
    finally:
        popen.kill()
        popen.communicate()


@contextmanager
def serving(init: InitDirectory, directory: Path, **options: object) -> Iterator[Process]:
    """The same, waiting until it serves."""
    with started(init, directory, **options) as popen:  # type: ignore[arg-type]
        yield Process(popen, port_of(popen))


def port_of(popen: subprocess.Popen[bytes]) -> int:
    """The port that its output tells (LIFE-11)."""
    assert popen.stdout is not None
    for line in popen.stdout:
        if line.startswith(b"listening on "):
            return int(line.rpartition(b":")[2])
    assert popen.stderr is not None
    raise AssertionError(f"it does not serve: {popen.stderr.read().decode()}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has at the moment."""
    with socket.socket() as stream:
        stream.bind(("127.0.0.1", 0))
        port: int = stream.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until somebody answers there."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=SECONDS).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end, f"nobody serves on port {port}"
            time.sleep(0.02)
        else:
            return

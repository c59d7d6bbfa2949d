"""A registry on the loopback interface, for as long as a block runs."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from injector_conformance.host import interruption

PROGRAM: Final = Path("/usr/bin/docker-registry")
_SECONDS: Final = 30.0
_PAUSE: Final = 0.1


@contextmanager
def serving(program: Path, storage: Path) -> Iterator[str]:
    """Serve an empty registry from ``storage``; its host and port are given.

    Raises:
        RuntimeError: it does not answer.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    configuration = storage / "config.yml"
    configuration.write_text(
        "version: 0.1\n"
        f"storage: {{filesystem: {{rootdirectory: '{storage}'}}}}\n"
        f"http: {{addr: '{address}'}}\n"
    )
    with ExitStack() as stack:
        # Whoever is interrupted in the middle of this could not end what was started.
        with interruption.deferred():
            process = subprocess.Popen(
                [program, "serve", configuration],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(_end, process)
        _await(address, process)
        yield address


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{address}/v2/", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(_PAUSE)
    raise RuntimeError(f"the registry at {address} does not answer")

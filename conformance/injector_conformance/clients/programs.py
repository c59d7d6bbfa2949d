"""Running programs that are not ours: each with a home of its own, for so long and no longer."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from injector_conformance.clients.errors import PullError
from injector_conformance.host import interruption

SECONDS: Final = 120.0
"""How long a client may take; on a busy machine starting one takes seconds."""

_CLEANING: Final = 30.0
_LAST_WORDS: Final = 240
_LOGGED: Final = re.compile(r'time="[^"]*" level=\w+ msg="(.*)"')
"""As Go programs log by logrus."""

PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
"""Variables that send a client elsewhere; what it is to reach is on this machine."""


class Programs:
    """Runs programs; :meth:`stop`, from any thread, ends those that run and lets none begin."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Take how long each of them may run."""
        self._seconds = seconds
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._is_stopped = False

    def output(
        self, *command: str, home: Path, environment: Mapping[str, str] | None = None
    ) -> str:
        """What a program prints.

        Raises:
            PullError: it did not end with status 0.
        """
        done = self.run(*command, home=home, environment=environment)
        if done.returncode:
            raise PullError(last_line(done.stderr or done.stdout) or f"status {done.returncode}")
        return done.stdout

    def run(
        self, *command: str, home: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program; whether it succeeds is the caller's business.

        Raises:
            PullError: it is not there, was too slow, or was stopped.
        """
        with interruption.deferred(), self._lock:
            if self._is_stopped:
                raise PullError("stopped")
            popen = started(
                *command,
                home=home,
                environment=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self._running.add(popen)
        try:
            out, err = popen.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired as error:
            raise PullError(f"did not end within {self._seconds:g} s") from error
        finally:
            with self._lock:
                self._running.discard(popen)
            end(popen)
        return subprocess.CompletedProcess(command, popen.returncode, out, err)

    def clean(
        self, *command: str, home: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Run a program that removes something, also when all others are stopped already."""
        with contextlib.suppress(PullError, subprocess.TimeoutExpired):
            popen = started(
                *command,
                home=home,
                environment=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                popen.wait(_CLEANING)
            finally:
                end(popen)

    def stop(self) -> None:
        """End all of them."""
        with self._lock:
            self._is_stopped = True
            for popen in self._running:
                _kill(popen)


def started(
    *command: str,
    home: Path,
    stdout: int | IO[bytes],
    stderr: int | IO[bytes],
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start a program in a group of its own, which :func:`end` ends.

    Raises:
        PullError: it is not there, or cannot be executed.
    """
    program = shutil.which(command[0])
    if program is None:
        raise PullError(f"{command[0]} is not on PATH")
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in PROXIES}
    try:
        return subprocess.Popen(
            [program, *command[1:]],
            cwd=home,
            env={**inherited, "HOME": str(home), "TMPDIR": str(home), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise PullError(f"{program}: {error.strerror}") from error


def end(popen: subprocess.Popen[str], parting: float = 0.0) -> None:
    """Kill a program with its children, and wait for it.

    Args:
        popen: the program.
        parting: seconds that it has to end by itself, when asked.
    """
    if parting and popen.poll() is None:
        popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            popen.wait(parting)
    if popen.poll() is None:
        _kill(popen)
        popen.wait()
    for pipe in (popen.stdout, popen.stderr):
        if pipe is not None:
            pipe.close()


def _kill(popen: subprocess.Popen[str]) -> None:
    # Not yet waited for, so that its number is still its own.
    if popen.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(popen.pid, signal.SIGKILL)


def last_line(text: str) -> str:
    """The last line that says anything, without what loggers put before it, not too long."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    logged = _LOGGED.fullmatch(lines[-1])
    said = logged[1].replace('\\"', '"') if logged else lines[-1]
    return said.removeprefix("Error: ")[-_LAST_WORDS:]

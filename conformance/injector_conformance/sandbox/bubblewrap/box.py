"""A box: a sandbox that lives on, for runs that need nothing special.

To make a sandbox costs more than most runs in it. In a box the launcher is the first process; it
starts one subject after the other, each with nobody else around, and kills whatever a subject
leaves behind before the next one starts. What lasts is what a run cannot change: mounts, network
and names of the sandbox. The files below its root are the stage's, which every case prepares anew.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from injector_conformance import interruption
from injector_conformance.case import Conditions
from injector_conformance.sandbox import Run, SandboxError, launcher
from injector_conformance.sandbox.bubblewrap.info import FirstProcess, Info
from injector_conformance.sandbox.process import Output, end, watch

_LONGEST: Final = 1 << 16
_MOST_WORDS: Final = 63
"""Bytes and words of a message that the launcher has room for."""

_NOT_STARTED: Final = 127
_PLAIN: Final = Conditions()

Command = Callable[[Info, str], Sequence[str]]
"""Makes the words that start the box, from its info pipe and the word for the launcher."""


def suits(conditions: Conditions) -> bool:
    """Whether a box provides the conditions: all that the launcher sees to, and no mounts."""
    rest = replace(
        conditions,
        umask=_PLAIN.umask,
        environment=_PLAIN.environment,
        stdin=_PLAIN.stdin,
        bare=_PLAIN.bare,
        output_mode=_PLAIN.output_mode,
        existing=_PLAIN.existing,
        file_size_limit=_PLAIN.file_size_limit,
        memory_limit=_PLAIN.memory_limit,
        runs=_PLAIN.runs,
    )
    return rest == _PLAIN


def message(argv: Sequence[str], conditions: Conditions) -> bytes | None:
    """What the launcher is told for a run; None if it is more than it has room for."""
    words = [*launcher.options(conditions), *(["n"] if conditions.environment == "none" else [])]
    words += ["--", *argv]
    told = b"".join(os.fsencode(word) + b"\0" for word in words)
    return told if len(told) <= _LONGEST and len(words) <= _MOST_WORDS else None


class Box:
    """One box. It ends with the thread that made it, whatever becomes of that."""

    def __init__(self, command: Command, environment: Mapping[str, str]) -> None:
        """Start it.

        Raises:
            SandboxError: bubblewrap or the launcher did not start.
        """
        self._thread = threading.get_ident()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._first: FirstProcess | None = None
        with theirs, Info() as info, ExitStack() as stack:
            with interruption.deferred():
                self._process = subprocess.Popen(
                    command(info, f"b{theirs.fileno()}"),
                    bufsize=0,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=environment,
                    pass_fds=(info.writing, theirs.fileno()),
                    start_new_session=True,
                )
                self._output = Output(self._process)
                stack.callback(self.close)
            self._first = info.first_process()
            if self._first is None:
                end(self._process)
                self._output.drain()
                raise SandboxError(f"bubblewrap did not start: {self._output.words()}")
            stack.pop_all()

    @property
    def is_usable(self) -> bool:
        """Whether this thread can use it: it lives, and does so as long as the thread."""
        if self._socket.fileno() < 0 or self._thread != threading.get_ident():
            return False
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def run(self, told: bytes, timeout: float, space: Path) -> Run:
        """Run a subject; after a run that had to be stopped the box is closed.

        Args:
            told: from :func:`message`.
            timeout: seconds.
            space: a directory on the file system to watch.

        Raises:
            SandboxError: the subject could not be started, or the box has ended.
        """
        started = time.perf_counter()
        self._output.forget()
        answer, stopped = b"", None
        with contextlib.suppress(OSError):
            self._socket.send(told)
            stopped, _ = watch(self._socket.fileno(), self._output, started + timeout, space)
            answer = b"" if stopped else self._socket.recv(4)
        seconds = time.perf_counter() - started
        if not answer:
            end(self._process)
        self._output.drain()
        stdout, stderr = self._output.taken()
        if not answer:
            self.close()
        if stopped:
            return Run(0, stopped, stdout, stderr, seconds)
        if not answer:
            raise SandboxError(f"the sandbox has ended: {self._output.words()}")
        status = os.waitstatus_to_exitcode(*struct.unpack("=I", answer))
        failure = launcher.failure(stderr) if status == _NOT_STARTED else None
        if failure is not None:
            raise SandboxError(f"bubblewrap did not start the subject: {failure}")
        return Run(status, None, stdout, stderr, seconds)

    def close(self) -> None:
        """End it, and everything in it."""
        end(self._process)
        self._socket.close()
        self._output.close()
        if self._first is not None:
            self._first.wait()
            self._first = None

"""A box: a keeper that starts one subject after the other, each in namespaces of its own.

To set up what is the same for all runs costs more than most of them. What a box keeps between
runs is this list, and nothing on it can be changed by a subject:

- the keeper itself, in a process namespace above the subjects', who cannot see it;
- the user namespace: it holds keyrings, which no subject can reach, and counts;
- the host's and the network's names: a subject has no right to change them;
- the network namespace, unless a packet was sent in it: then there is a new one;
- mounts: a copy, with which a run begins anew.

Processes, mounts, IPC, pipes and the files of the stage are new for each run.
"""

from __future__ import annotations

import contextlib
import os
import platform
import select
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from injector_conformance.host import interruption
from injector_conformance.sandbox import Run, SandboxError, Stop, launcher
from injector_conformance.sandbox.live import Attend
from injector_conformance.sandbox.memory import high_water_mark
from injector_conformance.sandbox.namespaces.live import ENDING, LiveRun
from injector_conformance.sandbox.place import Place, explained
from injector_conformance.sandbox.process import Output, watch

_LONGEST: Final = 4096
_GRACE: Final = 0.9
"""Seconds that the kernel may take to end what was killed."""

_KIBIBYTE: Final = 1024
_START_SECONDS: Final = 20


class Box:
    """One box. It ends with the process that made it, whatever becomes of that."""

    def __init__(self, place: Place, maps: tuple[str, str] | None, shown: Sequence[Path]) -> None:
        """Start it.

        Args:
            place: where stages lie.
            maps: lines for uid_map and gid_map; None for no user namespace.
            shown: paths of the host that subjects will see.

        Raises:
            SandboxError: the kernel does not permit it.
        """
        self._owner = os.getpid()
        self._last_words = b""
        self._closing = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [f"b{theirs.fileno()}"]
        descriptors = [theirs.fileno(), place.mounts]
        if place.users is not None:
            words.append(f"n{place.users}")
            descriptors.append(place.users)
        words.append(f"m{place.mounts}")
        if maps is not None:
            words += [f"U{maps[0]}", f"G{maps[1]}"]
        words += [f"e{path}" for path in shown]
        with theirs, interruption.deferred():
            self._process = subprocess.Popen(
                [launcher.program(platform.machine()), *words],
                bufsize=0,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={},
                pass_fds=descriptors,
                start_new_session=True,
            )
        self._socket.settimeout(_START_SECONDS)
        try:
            is_ready = self._socket.recv(1) == b"o"
            self._socket.setblocking(True)
        except OSError:
            is_ready = False
        except BaseException:
            self.close()
            raise
        if not is_ready:
            said = self._end()
            raise SandboxError(explained(said))

    @property
    def is_usable(self) -> bool:
        """Whether this process can use it: it lives, and is no other process's."""
        if self._socket.fileno() < 0 or self._owner != os.getpid():
            return False
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def run(
        self,
        message: bytes,
        timeout: float,
        space: Path,
        *,
        levels: int,
        watch_memory: bool = False,
        attend: Attend | None = None,
    ) -> Run:
        """Run a subject; afterwards nothing of it is alive, whatever it did.

        Args:
            message: see :func:`words.message`.
            timeout: seconds.
            space: a directory on the file system to watch.
            levels: how many processes there are above the subject.
            watch_memory: whether to look at the memory of all its processes.
            attend: called while it runs, if given; when it returns, the subject is ended.

        Raises:
            SandboxError: the subject could not be started, or the box has ended.
        """
        with closing(Output()) as output:
            started = time.perf_counter()
            ended = self._socket.fileno()
            # Another thread may end the box at any moment: then its socket is none.
            try:
                socket.send_fds(self._socket, [message], output.writing)
                output.close_writing()
                live = LiveRun(self._socket, self._process.pid, output, levels)
            except (OSError, ValueError) as error:
                raise SandboxError(f"the sandbox has ended: {self._said()}") from error
            stopped: Stop | None = None
            peak: int | None = None
            is_over = False
            try:
                if attend is not None:
                    attend(live)
                else:
                    stopped, peak = watch(
                        ended,
                        output,
                        started + timeout,
                        space,
                        (lambda: sum(map(high_water_mark, live.process_ids())))
                        if watch_memory
                        else None,
                    )
                answer = live.ending
                if answer is None:
                    answer = self._answer(is_killed=bool(stopped or attend))
                is_over = True
            finally:
                if not is_over:
                    self.close()
            seconds = time.perf_counter() - started
            output.drain()
            stdout, stderr = output.taken()
        if not answer:
            self.close()
            if stopped:
                return Run(0, stopped, stdout, stderr, seconds, peak)
            raise SandboxError(f"the sandbox has ended: {self._said()}")
        kind, status, most, _ = ENDING.unpack_from(answer)
        if kind != ord("e") and not stopped:
            said = launcher.failure(answer[ENDING.size :]) or "it was killed before it began"
            raise SandboxError(f"the sandbox did not start the subject: {said}")
        if watch_memory:
            peak = max(peak or 0, most * _KIBIBYTE)
        return Run(os.waitstatus_to_exitcode(status), stopped, stdout, stderr, seconds, peak)

    def close(self) -> None:
        """End it, and everything in it; it is gone when this returns."""
        self._end()

    def _answer(self, *, is_killed: bool) -> bytes:
        """What the keeper says at the end of a run; nothing if it is gone, or late.

        Args:
            is_killed: whether the run has to be ended first.
        """
        deadline = time.perf_counter() + _GRACE
        if is_killed:
            with contextlib.suppress(OSError):
                self._socket.send(b"k")
        # Another thread may end the box at any moment: then its socket is none.
        with contextlib.suppress(OSError, ValueError):
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            while poll.poll(max(0, int((deadline - time.perf_counter()) * 1000))):
                answer = self._socket.recv(_LONGEST)
                if len(answer) >= ENDING.size:
                    return answer
                if not answer:
                    break
        return b""

    def _end(self) -> bytes:
        """Kill everything, and give the last words."""
        # The thread whose run is over, and the one that ends all runs, may come at the same time.
        with self._closing:
            self._socket.close()
            said = b""
            if self._owner == os.getpid() and self._process.returncode is None:
                # Without its socket the keeper ends by itself, and with it, by the kernel, all
                # others.
                try:
                    _, said = self._process.communicate(timeout=_GRACE)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._last_words = said or self._last_words
            return said

    def _said(self) -> str:
        self.close()
        return self._last_words.decode(errors="replace").strip() or "it was killed"

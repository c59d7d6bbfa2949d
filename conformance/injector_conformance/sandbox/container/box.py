"""One container, made with testcontainers, and the runs in it."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.exceptions import ContainerStartException

from injector_conformance.host.leftovers import LABEL, owner
from injector_conformance.sandbox import SandboxError, Stop
from injector_conformance.sandbox.container import launch
from injector_conformance.sandbox.container.output import Output
from injector_conformance.sandbox.container.shape import Shape
from injector_conformance.sandbox.container.watch import Watch
from injector_conformance.sandbox.process import CAPTURE_LIMIT

# testcontainers' own cleaner is a further image to pull; leftovers.py does without.
testcontainers_config.ryuk_disabled = True

SECONDS: Final = 60
"""How long the daemon may take to answer."""

_TICK: Final = 0.05
_BEAT: Final = 0.005
_KILLED: Final = 128 + signal.SIGKILL
"""The daemon's word for a process that was killed."""

_READ_BLOCK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Ended:
    """One run in a container; ``ending`` is None if it had to be stopped.

    ``is_clean`` says whether the launcher has lived to end whatever the subject left behind.
    """

    stopped: Stop | None
    stdout: bytes
    stderr: bytes
    ending: launch.Ending | None
    is_clean: bool = True


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn the daemon's failures into the sandbox's.

    Raises:
        SandboxError: whenever the daemon failed.
    """
    try:
        yield
    except APIError as error:
        reason = (error.explanation or str(error)).strip().splitlines()[0]
        raise SandboxError(f"the container daemon does not {doing}: {reason}") from error
    except (DockerException, RequestException, OSError) as error:
        raise SandboxError(f"the container daemon does not {doing}: {error}") from error


class Box:
    """A container of one shape with one stage's directories in it."""

    def __init__(
        self,
        image: str,
        platform: str,
        shape: Shape,
        *,
        mounts: Sequence[tuple[str, str, str]],
        tmpfs: dict[str, str],
        first: Sequence[str] = (launch.PROGRAM,),
    ) -> None:
        """Make and start the container.

        Args:
            image: name or id.
            platform: ``linux/amd64`` or ``linux/arm64``.
            shape: of the container.
            mounts: see :meth:`Shape.mounts`.
            tmpfs: see :meth:`Shape.tmpfs`.
            first: the command of the first process; by default the launcher, which holds the
                container open for :meth:`execute`.

        Raises:
            SandboxError: the daemon refuses.
        """
        holds = tuple(first) == (launch.PROGRAM,)
        self._shape = shape
        self._stdin: Any = None
        self._pristine: frozenset[str] = frozenset()
        with explained("make a container"):
            self._container = DockerContainer(
                image,
                docker_client_kw={"timeout": SECONDS},
                volumes=list(mounts),
                platform=platform,
                labels={LABEL: owner()},
                entrypoint=list(first),
                stdin_open=holds,
                auto_remove=holds,
                user="0:0" if holds else shape.user_words,
                **shape.options(),
            )
            self._container.tmpfs.update(tmpfs)
            try:
                self._container.start()
                self._id = self._container.get_container_id()
                self._api = self._container.get_docker_client().client.api
                if holds:
                    parameters = {"stdin": 1, "stream": 1}
                    self._stdin = self._api.attach_socket(self._id, params=parameters)
                    os.write(self._stdin.fileno(), b"\n")
                    self._pristine = self._changed()
            except BaseException:
                self.remove()
                raise

    def execute(
        self, words: Sequence[str], watch: Watch, environment: Mapping[str, str] | None = None
    ) -> Ended:
        """Run a command in the container; if it had to be stopped, the container is dead.

        Args:
            words: the command.
            watch: is started when the subject may start.
            environment: further variables.

        Raises:
            SandboxError: the daemon failed.
        """
        output = Output()
        with explained("run a command"):
            execution = self._api.exec_create(
                self._id,
                list(words),
                stdin=True,
                user=self._shape.user_words,
                workdir=self._shape.profile.directory,
                environment=dict(environment or {}),
            )
            stream: Any = self._api.exec_start(execution["Id"], socket=True)
            try:
                # Only now: what came together with the answer's head would be lost.
                self._await_process(execution["Id"])
                watch.start()
                started = time.perf_counter()
                os.write(stream.fileno(), b"\n")
                stopped = _drain(stream, output, watch)
            finally:
                _close(stream)
            if stopped:
                self._kill()
                return Ended(stopped, output.stdout, output.stderr, None)
        stderr, ending = launch.ending(output.stderr)
        if ending is not None:
            return Ended(None, output.stdout, stderr, ending)
        self._check_fate(execution["Id"])
        # Nobody else was there to kill it: the subject has ended its run, and itself with it.
        killed = launch.Ending(-signal.SIGKILL, None, time.perf_counter() - started)
        return Ended(None, output.stdout, stderr, killed, is_clean=False)

    def wait(self, watch: Watch) -> Ended:
        """Wait for the container's first process, which is the subject.

        Raises:
            SandboxError: the daemon failed.
        """
        watch.start()
        started = time.perf_counter()
        with explained("wait for a container"):
            stopped = None
            state = self._state()
            while state["Running"] and stopped is None:
                time.sleep(_TICK)
                stopped = watch.stop()
                state = self._state()
            seconds = time.perf_counter() - started
            if stopped:
                self._kill()
            container = self._container.get_wrapped_container()
            stdout = container.logs(stdout=True, stderr=False)[:CAPTURE_LIMIT]
            stderr = container.logs(stdout=False, stderr=True)[:CAPTURE_LIMIT]
        launch.ending(stderr)
        ending = None if stopped else launch.Ending(state["ExitCode"], None, seconds)
        return Ended(stopped, stdout, stderr, ending)

    def new_changes(self) -> frozenset[str]:
        """Paths in the container's own file system that are not as the image has them.

        Raises:
            SandboxError: the daemon failed.
        """
        with explained("compare a container with its image"):
            return self._changed() - self._pristine

    def read(self, path: str) -> bytes | None:
        """A file of the container, as a tar stream's bytes; None if there is none."""
        with contextlib.suppress(APIError):
            chunks, _ = self._api.get_archive(self._id, path)
            return b"".join(chunks)
        return None

    def remove(self) -> None:
        """Remove the container and what is in it; it is gone when this returns."""
        if self._stdin is not None:
            _close(self._stdin)
            self._stdin = None
        client = self._container.get_docker_client().client
        with contextlib.suppress(ContainerStartException, DockerException, RequestException):
            container = self._container.get_wrapped_container()
            try:
                container.remove(force=True, v=True)
            except APIError:
                # It is on its way out by itself.
                client.api.wait(str(container.id), timeout=SECONDS, condition="removed")
        client.close()

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._api.inspect_container(self._id)["State"]
        return state

    def _await_process(self, execution: str) -> None:
        """Wait until the launcher, which waits for a line, is there: daemons answer before.

        Raises:
            SandboxError: it did not come.
        """
        give_up = time.perf_counter() + SECONDS
        while True:
            command = self._api.exec_inspect(execution)
            if command["Pid"] or not command["Running"]:
                return
            if time.perf_counter() >= give_up:
                raise SandboxError(
                    f"the container daemon has not run a command for {SECONDS} seconds"
                )
            time.sleep(_BEAT)

    def _check_fate(self, execution: str) -> None:
        """Find out why the launcher did not live to tell.

        Raises:
            SandboxError: for any other reason than that a process of the container killed it.
        """
        with explained("say what became of a command"):
            command = self._api.exec_inspect(execution)
            container = self._state()
        if command["ExitCode"] == _KILLED and container["Running"] and not container["OOMKilled"]:
            return
        raise SandboxError(
            f"the launcher did not live to tell: its status is {command['ExitCode']}, the"
            f" container is {container['Status']}"
            f"{', out of memory' if container['OOMKilled'] else ''}"
        )

    def _kill(self) -> None:
        with contextlib.suppress(APIError):
            self._api.kill(self._id)

    def _changed(self) -> frozenset[str]:
        if self._shape.root == "read-only":
            return frozenset()
        return frozenset(one["Path"] for one in self._api.diff(self._id) or ())


def _close(stream: Any) -> None:
    """Close a connection that the daemon has turned into a stream.

    The client library hangs the response, which owns the socket, on the stream.
    """
    owner_of_socket = getattr(stream, "_response", stream)
    with contextlib.suppress(OSError):
        owner_of_socket.close()


def _drain(stream: Any, output: Output, watch: Watch) -> Stop | None:
    """Read the connection to its end, or until the watch says stop."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream.fileno(), selectors.EVENT_READ)
        while True:
            if selector.select(_TICK):
                data = os.read(stream.fileno(), _READ_BLOCK)
                if not data:
                    return None
                output.feed(data)
            stopped = watch.stop()
            if stopped:
                return stopped

"""A subject that keeps running while the harness talks to it."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.sandbox import Run, SandboxError
from injector_conformance.sandbox.live import Attend, Live
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.subjects.subject import resolve

pytestmark = pytest.mark.needs("namespaces")

PORT = 5000
SECONDS = 20.0

ECHO = f"""
import signal, socket, sys
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))
with socket.socket() as server:
    server.bind(("127.0.0.1", {PORT}))
    server.listen()
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        with connection:
            connection.sendall(connection.recv(100).upper())
"""


@pytest.fixture
def serve(work: Path, ordinary: Case, tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Runs a server while it is attended to."""
    program = tmp_path / "server.py"
    program.write_text(ECHO)
    sandbox = Namespaces()
    sandbox.open(resolve([sys.executable, str(program)]), work)
    (work / "stage").mkdir()
    stage = sandbox.new_stage(work / "stage")

    def go(attend: Attend, **conditions: bool) -> Run:
        stage.prepare(ordinary, ordinary.init())
        return sandbox.run(stage, (), Conditions(**conditions), 5.0, attend=attend)  # type: ignore[arg-type]  # fields by name

    with closing(sandbox):
        yield go


def ask(live: Live, said: bytes) -> bytes:
    """Send a word when the server is there, and give its answer."""
    deadline = time.monotonic() + SECONDS
    while True:
        with live.make_socket(socket.AF_INET) as connection:
            connection.settimeout(SECONDS)
            try:
                connection.connect(("127.0.0.1", PORT))
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                assert not live.ended()
                time.sleep(0.02)
                continue
            connection.sendall(said)
            return connection.recv(100)


@pytest.mark.parametrize("as_pid_1", [True, False])
def test_it_is_talked_to_and_ended(serve: Callable[..., Run], as_pid_1: bool) -> None:
    answers: list[bytes] = []

    def attend(live: Live) -> None:
        live.start()
        answers.extend(ask(live, word) for word in (b"one", b"two"))
        live.drain()
        assert len(live.process_ids()) == 1

    for _ in range(2):
        seen = serve(attend, as_pid_1=as_pid_1)
        assert (seen.status, seen.stopped, seen.stdout) == (-signal.SIGKILL, None, b"ready\n")
    assert answers == [b"ONE", b"TWO"] * 2


@pytest.mark.parametrize("as_pid_1", [True, False])
def test_a_signal_reaches_it_and_its_end_is_seen(
    serve: Callable[..., Run], as_pid_1: bool
) -> None:
    def attend(live: Live) -> None:
        live.start()
        ask(live, b"x")
        live.signal(signal.SIGUSR1)
        deadline = time.monotonic() + SECONDS
        while not live.ended():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with pytest.raises(SandboxError, match="the run has ended"):
            live.make_socket(socket.AF_INET)

    assert serve(attend, as_pid_1=as_pid_1).status == 7


def test_it_waits_until_it_is_let_go(serve: Callable[..., Run]) -> None:
    def attend(live: Live) -> None:
        with live.make_socket(socket.AF_INET) as connection, pytest.raises(OSError, match="refus"):
            connection.connect(("127.0.0.1", PORT))
        with live.make_socket(socket.AF_INET) as squatter:
            squatter.bind(("127.0.0.1", PORT))
            squatter.listen()
            live.start()
            deadline = time.monotonic() + SECONDS
            while not live.ended():
                assert time.monotonic() < deadline
                time.sleep(0.01)

    seen = serve(attend)
    assert seen.status == 1
    assert b"Address already in use" in seen.stderr


def test_nothing_of_a_connection_is_left_for_the_next_run(serve: Callable[..., Run]) -> None:
    """The server closes first, so that its port would linger, and takes no port that does."""
    for _ in range(2):

        def attend(live: Live) -> None:
            live.start()
            assert ask(live, b"x") == b"X"

        serve(attend)


def test_nothing_listens_on_the_host(serve: Callable[..., Run]) -> None:
    def attend(live: Live) -> None:
        live.start()
        ask(live, b"x")
        with socket.socket() as outside, pytest.raises(OSError, match="refus"):
            outside.connect(("127.0.0.1", PORT))

    serve(attend)

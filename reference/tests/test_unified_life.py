"""The injector that serves as a process: ARG and LIFE."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.served import SECONDS, read_to_end, request
from tests.served_samples import INIT, LARGE, TAG, end, largest
from tests.unified_process import COMMAND, Process, free_port, serving, started, wait_for


class TestArguments:
    @pytest.mark.parametrize(
        ("words", "requirement"),
        [
            ((), "ARG-3"),
            (("",), "SUM-3"),
            (("--help",), "SUM-3"),
            ((INIT.sha256[:-1], "127.0.0.1:0"), "SUM-3"),
            (("0" * 64, "127.0.0.1:0"), "SUM-2"),
            ((INIT.sha256, "localhost:5000"), "ARG-4"),
            ((INIT.sha256, "127.0.0.1"), "ARG-4"),
            ((INIT.sha256, "127.0.0.1:"), "ARG-4"),
            ((INIT.sha256, "127.0.0.1:65536"), "ARG-4"),
            ((INIT.sha256, "127.0.0.1:+80"), "ARG-4"),
            ((INIT.sha256, "::1:5000"), "ARG-4"),
            ((INIT.sha256, "[127.0.0.1]:5000"), "ARG-4"),
            ((INIT.sha256, ""), "ARG-4"),
            ((INIT.sha256, "203.0.113.1:5000"), "LIFE-7"),
        ],
    )
    def test_that_are_wrong_end_it_before_anything_is_written(
        self, words: tuple[str, ...], requirement: str, tmp_path: Path
    ) -> None:
        with started(INIT, tmp_path, words=words) as popen:
            status, complaint = end(popen)

        assert status == 1
        assert complaint.startswith(f"zarf-injector: {requirement}: ")
        assert complaint.count("\n") == 1
        assert list((tmp_path / "seed").iterdir()) == []

    def test_may_be_of_ipv6_and_more_than_two(self, tmp_path: Path) -> None:
        port = free_port()
        words = (INIT.sha256.upper(), f"[::1]:{port}", "more")
        services = {
            "ZARF_INJECTOR_PORT": "tcp://10.0.0.1:5000",
            "ZARF_INJECTOR_SERVICE_HOST": "10.0.0.1",
        }
        with serving(INIT, tmp_path, words=words, environment=services) as served:
            assert served.port == port
            with socket.create_connection(("::1", port), timeout=SECONDS) as stream:
                stream.sendall(request("/v2/", Connection="close"))
                assert read_to_end(stream).startswith(b"HTTP/1.1 200 ")
            with pytest.raises(ConnectionRefusedError):
                served.connect()


def test_a_port_that_is_taken_ends_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with started(INIT, tmp_path, address=address) as popen:
            status, complaint = end(popen)

    assert status == 1
    assert complaint.startswith(f"zarf-injector: LIFE-7: cannot serve at {address}: ")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_serving(sent: signal.Signals, tmp_path: Path) -> None:
    with serving(INIT, tmp_path) as served, served.connect() as stream:
        stream.sendall(b"GET /v2/ HT")
        begin = time.monotonic()
        served.popen.send_signal(sent)
        status = served.popen.wait(SECONDS)

    assert status == 0
    assert time.monotonic() - begin < 1 + SECONDS / 10


def test_a_signal_ends_the_start(tmp_path: Path) -> None:
    with started(LARGE.init_directory(), tmp_path) as popen:
        assert popen.stdout is not None
        popen.stdout.readline()
        popen.send_signal(signal.SIGTERM)

        assert popen.wait(SECONDS) == -signal.SIGTERM


@pytest.mark.needs("root")
@pytest.mark.parametrize("phase", ["Processing", "listening"])
def test_a_signal_ends_it_as_process_1(phase: str, tmp_path: Path) -> None:
    (tmp_path / "init").mkdir()
    (tmp_path / "seed").mkdir()
    init = LARGE.init_directory()
    init.write(tmp_path / "init")
    roots = {f"ZARF_INJECTOR_{one.upper()}_ROOT": str(tmp_path / one) for one in ("init", "seed")}
    popen = subprocess.Popen(
        ["unshare", "--pid", "--fork", "--kill-child", *COMMAND, init.sha256, "127.0.0.1:0"],
        cwd="/",
        env={**roots, "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
    )
    try:
        assert popen.stdout is not None
        for line in popen.stdout:
            if line.startswith(phase.encode()):
                break
        children = Path(f"/proc/{popen.pid}/task/{popen.pid}/children").read_text()
        os.kill(int(children.split()[0]), signal.SIGTERM)

        assert popen.wait(SECONDS) == (0 if phase == "listening" else 128 + signal.SIGTERM)
    finally:
        popen.kill()
        popen.communicate()


def test_it_can_be_started_again_at_once(tmp_path: Path) -> None:
    with serving(INIT, tmp_path) as served, served.connect() as stream:
        port = served.port
        stream.sendall(request("/v2/"))
        stream.recv(1)
        served.popen.terminate()
        served.popen.wait(SECONDS)
    with serving(INIT, tmp_path, address=f"127.0.0.1:{port}") as served:
        assert served.ask("/v2/").status == 200


def test_nobody_is_answered_before_everything_is_there(tmp_path: Path) -> None:
    port = free_port()
    answers: list[str] = []
    with started(LARGE.init_directory(), tmp_path, address=f"127.0.0.1:{port}") as popen:
        while not answers or answers[-1] == "refused":
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as stream:
                    stream.sendall(request(f"/v2/a/blobs/{largest(LARGE).digest}", "HEAD"))
                    answers.append(stream.recv(12).decode())
            except ConnectionRefusedError:
                answers.append("refused")
                assert popen.poll() is None
            except ConnectionResetError:
                # The connection met itself: a client may get the very port it asks for.
                continue

    assert set(answers[:-1]) == {"refused"}
    assert answers[-1] == "HTTP/1.1 200"


@pytest.mark.parametrize("log", ["closed", "full", "gone", "unread"])
def test_a_log_that_nobody_reads_changes_nothing(log: str, tmp_path: Path) -> None:
    port = free_port()
    reading, writing = os.pipe()
    full = os.open("/dev/full", os.O_WRONLY)
    stream = writing
    if log == "full":
        stream = full
    elif log == "gone":
        os.close(reading)
    elif log == "unread":
        os.set_blocking(writing, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, bytes(4096))
        os.set_blocking(writing, True)
    try:
        address = f"127.0.0.1:{port}"
        beforehand = "exec >&- 2>&-" if log == "closed" else ""
        with started(
            INIT, tmp_path, address=address, beforehand=beforehand, stdout=stream, stderr=stream
        ) as popen:
            wait_for(port)
            served = Process(popen, port)
            for _ in range(30):
                assert served.ask(TAG).status == 200
    finally:
        os.close(writing)
        os.close(full)
        if log != "gone":
            os.close(reading)

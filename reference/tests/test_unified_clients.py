"""HTTP and LIFE as a process: clients that misbehave, and many at once."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import struct
import threading
import time
from pathlib import Path

import pytest

from tests.served import SECONDS, read_to_end, request
from tests.served_samples import GOLDEN, INIT, LARGE, TAG, largest
from tests.unified_process import Process, serving


class TestClients:
    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"\x16", 400),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(512), 400),
            (b"\x80", 400),
            (b"\0", 400),
            (b" GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET /v2/\r\n", 400),
            (b"GET  /v2/ HTTP/1.1\r\n", 400),
            (b"GET /v2/ HTTP/1.1 \r\n", 400),
            (b"GET /v2/\xc3\xa9 HTTP/1.1\r\n", 400),
            (b"SSH-2.0-OpenSSH_9.2\r\n", 400),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            (b"GET /v2/ HTTP/1.1\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a\r\nA: b\0\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            (b"GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            (request("/", Transfer_Encoding="chunked", Content_Length="1"), 400),
            (b"GET /" + b"a" * 30_000, 414),
            (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            (b"GET / HTTP/1.1\r\nA: " + b"a" * 30_000, 431),
            (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5_000, 431),
            (b"\r\n" * 20_000, 400),
        ],
    )
    def test_that_send_no_request_are_told_so_at_once(
        self, sent: bytes, status: int, one: Process
    ) -> None:
        with one.connect() as stream:
            begin = time.monotonic()
            stream.sendall(sent)
            received = read_to_end(stream)

        assert received.startswith(f"HTTP/1.1 {status} ".encode())
        assert received.count(b"HTTP/1.1 ") == 1
        assert time.monotonic() - begin < SECONDS / 4
        assert one.ask("/v2/").status == 200

    @pytest.mark.parametrize(
        "sent",
        [
            request("/v2/", Accept=", ".join(["application/x"] * 1000)),
            request("/v2/", **{f"X-{number}": "1" for number in range(1_400)}),
            request("/v2/?" + "a" * 8_000),
            request("/v2/").replace(b"\r\n", b"\n"),
            b"\r\n\r\n" + request("/v2/"),
            request("/v2/").replace(b"HTTP/1.1", b"HTTP/1.9"),
        ],
    )
    def test_that_send_long_or_odd_requests_are_served(self, sent: bytes, one: Process) -> None:
        with one.connect() as stream:
            stream.sendall(sent)
            assert stream.recv(12) == b"HTTP/1.1 200"

    def test_that_go_away_or_stall_disturb_nobody(self, one: Process) -> None:
        blob = f"/v2/a/blobs/{largest(GOLDEN).digest}"
        stalled = [one.connect() for _ in range(300)]
        for number, stream in enumerate(stalled):
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            stream.sendall((request(blob), b"GET /v2/ HT", b"")[number % 3])
        for _ in range(50):
            with one.connect() as stream:
                stream.sendall(request(blob) * 3)
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        answer = one.ask(blob)
        for stream in stalled:
            stream.close()

        assert hashlib.sha256(answer.body).hexdigest() == largest(GOLDEN).hexadecimal

    def test_that_are_gone_leave_nothing_behind(self, one: Process) -> None:
        blob = f"/v2/a/blobs/{largest(GOLDEN).digest}"
        for _ in range(20):
            one.ask(blob)
        settled, memory = one.descriptors(), one.status("VmRSS")
        for _ in range(300):
            one.ask(blob, "HEAD")
            one.ask(blob, Range="bytes=5-")
            one.ask("/v2/a/blobs/nothing")
        end_of_wait = time.monotonic() + SECONDS
        while one.descriptors() > settled and time.monotonic() < end_of_wait:
            time.sleep(0.05)

        assert one.descriptors() <= settled
        assert one.status("VmRSS") < memory + 1024


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A process that several tests ask, which must not end it."""
    with serving(INIT, tmp_path_factory.mktemp("one")) as served:
        drain = threading.Thread(target=shutil.copyfileobj, args=(served.popen.stdout, _Sink()))
        drain.start()
        yield served
        assert served.popen.poll() is None
        served.popen.kill()
        drain.join()


class _Sink:
    def write(self, data: bytes) -> int:
        return len(data)


def test_a_shortage_of_descriptors_passes(tmp_path: Path) -> None:
    with serving(INIT, tmp_path, beforehand="ulimit -n 24") as served:
        idle = [served.connect() for _ in range(60)]
        during = served.ask(TAG).status
        blob = request(f"/v2/a/blobs/{largest(GOLDEN).digest}")
        for stream in idle:
            with contextlib.suppress(OSError):
                stream.sendall(blob)
        after = served.ask(TAG).status
        for stream in idle:
            stream.close()

        assert (during, after, served.ask(TAG).status) == (200, 200, 200)


def test_sixteen_pull_a_large_blob_and_the_probe_does_not_wait(tmp_path: Path) -> None:
    blob = largest(LARGE)
    digests: list[str] = []

    def pull() -> None:
        digest, size = hashlib.sha256(), 0
        with served.connect() as stream:
            stream.sendall(request(f"/v2/a/blobs/{blob.digest}"))
            while b"\r\n\r\n" not in (head := stream.recv(4096, socket.MSG_PEEK)):
                pass
            stream.recv(head.index(b"\r\n\r\n") + 4)
            while size < blob.size and (piece := stream.recv(1 << 20)):
                digest.update(piece)
                size += len(piece)
        digests.append(digest.hexdigest())

    waited = []
    with serving(LARGE.init_directory(), tmp_path) as served:
        pulls = [threading.Thread(target=pull) for _ in range(16)]
        for thread in pulls:
            thread.start()
        while any(thread.is_alive() for thread in pulls):
            begin = time.monotonic()
            assert served.ask("/v2/").status == 200
            waited.append(time.monotonic() - begin)
            time.sleep(0.02)
        memory = served.status("VmHWM")

    assert digests == [blob.hexadecimal] * 16
    assert sorted(waited)[len(waited) // 2] < 1
    assert memory < 48 * 1024


def test_nobody_asking_takes_no_time(tmp_path: Path) -> None:
    with serving(INIT, tmp_path) as served:
        served.ask("/v2/")
        used = [cpu_ticks(served.popen.pid)]
        time.sleep(2)
        used.append(cpu_ticks(served.popen.pid))

    assert used[1] - used[0] <= 1


def cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])

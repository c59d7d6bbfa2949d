"""The injector that serves as a process: ARG, EXT, LIFE, and clients that misbehave."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from injector_fixtures import gzip, layout, tar
from injector_fixtures.golden import unified
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Content
from injector_fixtures.oci.layout import Layout
from tests.served import SECONDS, read_to_end, request
from tests.unified_process import COMMAND, Process, free_port, serving, started, wait_for

GOLDEN = unified.small()
INIT = GOLDEN.init_directory()
TAG = "/v2/library/seed/manifests/3.1.1"
LARGE = samples.large_blob(64 * 1024 * 1024)


def largest(one: Layout) -> Content:
    return max(one.blobs.values(), key=lambda blob: blob.size)


def end(popen: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, complaint = popen.communicate(timeout=SECONDS)
    return popen.returncode, complaint.decode()


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


@pytest.mark.parametrize(
    ("index", "what"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b'{"manifests": []', "no JSON object"),
        (b'{"manifests": [NaN]}', "no JSON object"),
        (b'\xff{"manifests": []}', "no JSON object"),
        (b"[" * 100_000, "no JSON object"),
        (b"{}", "no list of manifests"),
        (b'{"manifests": {}}', "no list of manifests"),
    ],
)
def test_a_broken_index_ends_it(index: bytes, what: str, tmp_path: Path) -> None:
    with started(GOLDEN.with_index(index).init_directory(), tmp_path) as popen:
        status, complaint = end(popen)

    assert status == 1
    assert complaint == f"zarf-injector: NAMES-9: index.json is {what}\n".replace(
        "is no list", "has no list"
    )


def test_what_is_wrong_in_a_descriptor_hides_no_other(tmp_path: Path) -> None:
    index = json.loads(GOLDEN.index)
    good = index["manifests"][0]
    index["manifests"] = [
        None,
        7,
        [],
        {},
        {**good, "digest": 5},
        {**good, "digest": "sha256:../../index.json"},
        {**good, "annotations": None},
        {**good, "annotations": ["x"]},
        {**good, "annotations": {"org.opencontainers.image.base.name": 1}},
        {**good, "annotations": {"org.opencontainers.image.base.name": "\ud800:1"}},
        {**good, "annotations": {"org.opencontainers.image.base.name": "no-tag"}},
        {**good, "mediaType": "a/b\r\nX: y", "size": 10**30},
    ]
    text = json.dumps(index).encode().replace(b"1000000", b"1" * 5000)
    with serving(GOLDEN.with_index(text).init_directory(), tmp_path) as served:
        answer = served.ask(TAG)

    assert answer.status == 200
    assert answer.fields["content-type"] == good["mediaType"]


@pytest.mark.parametrize("member", [b"f", b"blobs", b"blobs/sha256"])
def test_a_payload_that_is_no_layout_is_served_empty(member: bytes, tmp_path: Path) -> None:
    init = layout.chunked(gzip.tgz(tar.file(member, b"content")))
    with serving(init, tmp_path) as served:
        assert served.ask("/v2/").status == 200
        assert served.ask(TAG).status == 404
        assert served.ask(f"/v2/a/blobs/{largest(GOLDEN).digest}").status == 404


def test_links_in_the_place_of_blobs_lead_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    digits = hashlib.sha256(b"secret").hexdigest().encode()
    outside = os.fsencode(secret)
    init = layout.chunked(
        gzip.tgz(
            tar.directory(b"blobs"),
            tar.directory(b"blobs/sha256"),
            tar.symlink(b"blobs/sha256/" + digits, outside),
            tar.directory(b"blobs/sha256/" + b"0" * 64),
            tar.file(b"blobs/sha256/" + b"1" * 64, b"{}"),
        )
    )
    with serving(init, tmp_path) as served:
        for collection in ("blobs", "manifests"):
            for name in (digits.decode(), "0" * 64):
                assert served.ask(f"/v2/a/{collection}/sha256:{name}").status == 404
        assert served.ask(f"/v2/a/manifests/sha256:{'1' * 64}").status == 200


class TestEarlierTree:
    def test_of_another_payload_is_replaced(self, tmp_path: Path) -> None:
        first = samples.plain()
        with serving(first.init_directory(), tmp_path) as served:
            assert served.ask(f"/v2/a/blobs/{largest(first).digest}").status == 200
        with serving(INIT, tmp_path) as served:
            assert served.ask(TAG).body == GOLDEN.images[unified.SEED_IMAGE].manifest.data
            assert served.ask(f"/v2/a/blobs/{largest(first).digest}").status == 404

    @pytest.mark.parametrize("what", ["link", "file", "closed"])
    def test_may_be_of_any_shape(self, what: str, tmp_path: Path) -> None:
        seed = tmp_path / "seed"
        outside = tmp_path / "outside"
        (outside / "sha256").mkdir(parents=True)
        (outside / "sha256" / "kept").write_bytes(b"kept")
        (seed / "index.json").mkdir(parents=True)
        (seed / "index.json" / "deep").symlink_to(outside)
        (seed / "lost+found").mkdir()
        if what == "link":
            (seed / "blobs").symlink_to(outside)
        elif what == "file":
            (seed / "blobs").write_bytes(b"")
        else:
            (seed / "blobs" / "sha256").mkdir(parents=True)
            (seed / "blobs" / "sha256" / largest(GOLDEN).hexadecimal).write_bytes(b"cut sh")
            (seed / "blobs" / "sha256" / largest(GOLDEN).hexadecimal).chmod(0)
        with serving(INIT, tmp_path) as served:
            answer = served.ask(f"/v2/a/blobs/{largest(GOLDEN).digest}")

        assert hashlib.sha256(answer.body).hexdigest() == largest(GOLDEN).hexadecimal
        assert (outside / "sha256" / "kept").read_bytes() == b"kept"
        assert (seed / "lost+found").is_dir()

    def test_stays_if_the_payload_is_not_the_right_one(self, tmp_path: Path) -> None:
        with serving(INIT, tmp_path):
            pass
        before = sorted((tmp_path / "seed").rglob("*"))
        with started(INIT, tmp_path, words=("0" * 64,)) as popen:
            assert end(popen)[0] == 1

        assert sorted((tmp_path / "seed").rglob("*")) == before


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

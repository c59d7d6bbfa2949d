"""The injector that serves: what the reference's tests ask of a process, and what is its own."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from native.tests.native_programs import emulator
from tests import served_samples as samples
from tests import unified_process
from tests.served import SECONDS, read_to_end, request

# These are collected here, too, and run on the native program.
from tests.test_unified_clients import (  # noqa: F401
    TestClients,
    test_a_shortage_of_descriptors_passes,
    test_nobody_asking_takes_no_time,
    test_sixteen_pull_a_large_blob_and_the_probe_does_not_wait,
)
from tests.test_unified_connections import TestOneConnection  # noqa: F401
from tests.test_unified_layouts import (  # noqa: F401
    TestEarlierTree,
    test_a_payload_that_is_no_layout_is_served_empty,
    test_links_in_the_place_of_blobs_lead_nowhere,
    test_what_is_wrong_in_a_descriptor_hides_no_other,
)
from tests.test_unified_life import (  # noqa: F401
    test_a_log_that_nobody_reads_changes_nothing,
    test_a_signal_ends_the_serving,
    test_it_can_be_started_again_at_once,
    test_nobody_is_answered_before_everything_is_there,
)
from tests.test_unified_serving import (  # noqa: F401
    LAYOUT,
    TestRoot,
    test_no_path_leads_to_anything_but_a_blob,
    test_other_methods_are_not_allowed,
    test_tags_are_listed,
)
from tests.test_unified_serving import TestBlobs as _TestBlobs
from tests.test_unified_serving import TestManifests as _TestManifests
from tests.unified_process import Process, free_port, serving, started

pytestmark = pytest.mark.usefixtures("native")


@dataclass
class Served(Process):
    """A process that serves, with what the reference's tests ask of a server."""

    def send(self, data: bytes) -> bytes:
        """Send bytes on a connection of their own; returns what comes until it is closed."""
        with self.connect() as stream:
            stream.sendall(data)
            return read_to_end(stream)


@pytest.fixture(scope="module")
def one(native: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process that many tests ask, which must not end it."""
    assert native == unified_process.COMMAND
    with serving(samples.INIT, tmp_path_factory.mktemp("served")) as process:
        yield Served(process.popen, process.port)
        assert process.popen.poll() is None


@pytest.fixture
def served(one: Served) -> Served:
    """The same, as the tests of the reference's server call it."""
    return one


class TestManifests(_TestManifests):
    @pytest.mark.parametrize("name", LAYOUT.images)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_are_found_by_tag_and_by_digest(  # type: ignore[override]
        self, served: Served, name: str, method: str
    ) -> None:
        """As the reference's, which has an ETag in addition."""
        image = LAYOUT.images[name]
        path, _, tag = name.rpartition(":")
        for reference in (tag, image.digest):
            answer = served.ask(f"/v2/{path}/manifests/{reference}", method)

            assert answer.status == 200
            assert answer.body == (image.manifest.data if method == "GET" else b"")
            assert answer.fields["content-type"] == image.manifest.media_type
            assert answer.fields["docker-content-digest"] == image.digest
            assert answer.fields["content-length"] == str(image.manifest.size)


class TestBlobs(_TestBlobs):
    def test_are_sent_whole_if_they_are_other_ones(  # type: ignore[override]
        self, served: Served
    ) -> None:
        """There is no ETag, hence none that If-Range could name."""
        path = f"/v2/a/blobs/{samples.largest(samples.GOLDEN).digest}"

        assert served.ask(path, Range="bytes=0-0", If_Range='"x"').status == 200


class TestArguments:
    @pytest.mark.parametrize(
        ("words", "cause"),
        [
            ((), "usage: "),
            (("",), "the argument is not "),
            (("--help",), "the argument is not "),
            ((samples.INIT.sha256[:-1], "127.0.0.1:0"), "the argument is not "),
            (("0" * 64, "127.0.0.1:0"), "SHA-256 mismatch: "),
            *(
                ((samples.INIT.sha256, text), f"{text}: not an address ")
                for text in (
                    "localhost:5000",
                    "127.0.0.1",
                    "127.0.0.1:",
                    "127.0.0.1:65536",
                    "127.0.0.1:99999999999999999999",
                    "127.0.0.1:+80",
                    "127.0.0.1:80 ",
                    "127.0.0:80",
                    "127.0.0.1.1:80",
                    "127.0.0.256:80",
                    "127.0.0.01:80",
                    "127.0..1:80",
                    ":80",
                    "::1:5000",
                    "[::1]",
                    "[::1:5000",
                    "[]:80",
                    "[:]:80",
                    "[:::]:80",
                    "[1::2::3]:80",
                    "[1:2:3:4:5:6:7]:80",
                    "[1:2:3:4:5:6:7:8:9]:80",
                    "[1:2:3:4:5:6:7:8::]:80",
                    "[1:2:3:4:5:6:7:]:80",
                    "[12345::]:80",
                    "[g::]:80",
                    "[::1.2.3]:80",
                    "[1:2:3:4:5:6:7:1.2.3.4]:80",
                    "[127.0.0.1]:5000",
                    "",
                )
            ),
            (
                (samples.INIT.sha256, "203.0.113.1:5000"),
                "203.0.113.1:5000: cannot serve: error 099",
            ),
        ],
    )
    def test_that_are_wrong_end_it_before_anything_is_written(
        self, words: tuple[str, ...], cause: str, tmp_path: Path
    ) -> None:
        with started(samples.INIT, tmp_path, words=words) as popen:
            status, complaint = samples.end(popen)

        assert status == 1
        assert complaint.startswith(f"zarf-injector: {cause}")
        assert complaint.count("\n") == 1
        assert list((tmp_path / "seed").iterdir()) == []

    @pytest.mark.parametrize(
        "host", ["::1", "0:0:0:0:0:0:0:1", "::", "0::1", "::0:1", "::ffff:127.0.0.1", "::0.0.0.1"]
    )
    def test_may_be_of_ipv6_and_more_than_two(self, host: str, tmp_path: Path) -> None:
        port = free_port()
        words = (samples.INIT.sha256.upper(), f"[{host}]:{port}", "more")
        services = {
            "ZARF_INJECTOR_PORT": "tcp://10.0.0.1:5000",
            "ZARF_INJECTOR_SERVICE_HOST": "10.0.0.1",
            "ZARF_INJECTOR_INIT_ROOT_": "/nowhere",
            "XZARF_INJECTOR_SEED_ROOT": "/nowhere",
        }
        with serving(samples.INIT, tmp_path, words=words, environment=services) as served:
            assert served.port == port
            client = "127.0.0.1" if "127" in host else "::1"
            with socket.create_connection((client, port), timeout=SECONDS) as stream:
                stream.sendall(request("/v2/", Connection="close"))
                assert read_to_end(stream).startswith(b"HTTP/1.1 200 ")


def test_a_port_that_is_taken_ends_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with started(samples.INIT, tmp_path, address=address) as popen:
            status, complaint = samples.end(popen)

    assert status == 1
    assert complaint.startswith(f"zarf-injector: {address}: cannot serve: error 098")


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"[]",
        b'{"manifests": []',
        b'{"manifests": [NaN]}',
        b"[" * 100_000,
        b'\xff{"manifests": []}',
        b"{}",
        b'{"manifests": {}}',
        b'{"manifests": []} x',
    ],
)
def test_a_broken_index_ends_it(index: bytes, tmp_path: Path) -> None:
    with started(samples.GOLDEN.with_index(index).init_directory(), tmp_path) as popen:
        status, complaint = samples.end(popen)

    assert status == 1
    assert complaint == "zarf-injector: index.json is not an image index\n"


def test_a_signal_ends_the_start(tmp_path: Path) -> None:
    with started(samples.LARGE.init_directory(), tmp_path, address="127.0.0.1:0") as popen:
        while not list((tmp_path / "seed").iterdir()):
            assert popen.poll() is None
        popen.send_signal(signal.SIGTERM)

        assert popen.wait(SECONDS) == 128 + signal.SIGTERM


class TestChecks:
    """What a failed check does: it executes a trap instruction, which is one of these signals."""

    SIGNALS = (signal.SIGILL, signal.SIGTRAP, signal.SIGBUS, signal.SIGSEGV)

    @pytest.mark.parametrize("failed", SIGNALS)
    def test_that_fail_while_it_serves_end_nothing(
        self, failed: signal.Signals, tmp_path: Path, architecture: str
    ) -> None:
        if emulator(architecture) is not None:
            pytest.skip("the emulator has uses of its own for these signals")
        with serving(samples.INIT, tmp_path) as served:
            # More than a stack holds frames of.
            for _ in range(5_000):
                served.popen.send_signal(failed)
            assert served.ask(samples.TAG).status == 200
            assert served.status("VmStk") < 200

    @pytest.mark.parametrize("failed", SIGNALS)
    def test_that_fail_end_no_connection_but_the_one_at_hand(
        self, failed: signal.Signals, tmp_path: Path, architecture: str
    ) -> None:
        if emulator(architecture) is not None:
            pytest.skip("the emulator has uses of its own for these signals")
        with serving(samples.INIT, tmp_path) as served, served.connect() as before:
            before.sendall(b"GET /v2/ HTTP/1.1\r\n")
            for _ in range(20):
                # Who has answered this has none at hand any more.
                assert served.ask(samples.TAG).status == 200
                served.popen.send_signal(failed)
            before.sendall(b"Host: a\r\n\r\n")

            assert before.recv(12) == b"HTTP/1.1 200"

    def test_that_fail_at_the_start_reject(self, tmp_path: Path, architecture: str) -> None:
        if emulator(architecture) is not None:
            pytest.skip("the emulator has uses of its own for these signals")
        with started(samples.LARGE.init_directory(), tmp_path) as popen:
            while not list((tmp_path / "seed").iterdir()):
                assert popen.poll() is None
            popen.send_signal(signal.SIGILL)

            assert samples.end(popen) == (1, SomeText("an internal check failed\n"))


class SomeText(str):
    """Equal to every text that ends so."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.endswith(str(self))

    __hash__ = None  # type: ignore[assignment]

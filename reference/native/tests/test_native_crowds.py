"""The injector that serves, and very many connections or requests at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from native.tests.native_programs import emulator
from tests import served_samples as samples
from tests.served import SECONDS, request
from tests.unified_process import serving

pytestmark = pytest.mark.usefixtures("native")


def test_memory_with_a_thousand_connections(tmp_path: Path, architecture: str) -> None:
    if emulator(architecture) is not None:
        pytest.skip("the memory would be the emulator's")
    blob = f"/v2/a/blobs/{samples.largest(samples.LARGE).digest}"
    with serving(samples.LARGE.init_directory(), tmp_path) as served:
        assert served.status("VmHWM") < 1024
        idle = [served.connect() for _ in range(1_000)]
        for stream in idle:
            stream.sendall(request("/v2/"))
        for stream in idle:
            assert stream.recv(12) == b"HTTP/1.1 200"
        for stream in idle[:16]:
            stream.sendall(request(blob))
        for stream in idle[:16]:
            assert len(stream.recv(1 << 16)) > 0
        assert served.ask("/v2/").status == 200
        assert served.status("VmHWM") < 4096
        for stream in idle:
            stream.close()


def test_pipelined_requests_that_nobody_reads_are_answered_in_order(tmp_path: Path) -> None:
    """More answers than the kernel holds: parts of them wait in the program."""
    asked = 4_000
    path = "/v2/library/seed/manifests/absent"
    with serving(samples.INIT, tmp_path) as served, served.connect() as stream:
        stream.setblocking(False)
        waiting = request(path) * asked
        received = bytearray()
        while received.count(b"HTTP/1.1 404") < asked or not received.endswith(b"]}"):
            if waiting:
                try:
                    waiting = waiting[stream.send(waiting[:65_536]) :]
                    continue
                except BlockingIOError:
                    pass
            stream.setblocking(True)
            stream.settimeout(SECONDS)
            piece = stream.recv(1 << 16)
            assert piece
            received += piece
            stream.setblocking(False)

    assert received.count(b"HTTP/1.1 ") == received.count(b"HTTP/1.1 404 ") == asked

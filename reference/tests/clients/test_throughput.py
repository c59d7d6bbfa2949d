"""How fast a blob is served, beside a web server that is known to be fast."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from injector_fixtures.oci import samples
from tests.served import request
from tests.unified_process import free_port, serving, wait_for

SIZE = 128 * 1024 * 1024
TRIES = 4
AT_LEAST = 0.5


def seconds(port: int, path: str) -> float:
    """How long it takes to read a blob."""
    buffer, size = bytearray(1 << 20), 0
    with socket.create_connection(("127.0.0.1", port)) as stream:
        begin = time.perf_counter()
        stream.sendall(request(path, Connection="close"))
        while got := stream.recv_into(buffer):
            size += got
        taken = time.perf_counter() - begin
    assert size > SIZE
    return taken


@contextmanager
def nginx(root: Path, directory: Path) -> Iterator[int]:
    """Nginx, serving the files of ``root`` by one process."""
    port = free_port()
    temporary = "".join(
        f"{one}_temp_path {directory}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (directory / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {directory}/pid; error_log {directory}/log;"
        f"{'' if root.stat().st_uid else 'user root;'}"
        "events {} http { access_log off; sendfile on; tcp_nopush on; "
        f"{temporary} server {{ listen 127.0.0.1:{port}; root {root}; }} }}"
    )
    program = shutil.which("nginx")
    assert program
    popen = subprocess.Popen([program, "-c", str(directory / "nginx.conf"), "-p", str(directory)])
    try:
        wait_for(port)
        yield port
    finally:
        popen.terminate()
        popen.wait()


@pytest.mark.needs("nginx")
def test_a_blob_is_served_half_as_fast_as_by_nginx_or_faster(tmp_path: Path) -> None:
    layout = samples.large_blob(SIZE)
    blob = max(layout.blobs.values(), key=lambda one: one.size)
    tmp_path.chmod(0o755)
    with (
        serving(layout.init_directory(), tmp_path) as ours,
        nginx(tmp_path / "seed", tmp_path) as theirs,
    ):
        pairs = [
            (
                seconds(ours.port, f"/v2/a/blobs/{blob.digest}"),
                seconds(theirs, f"/blobs/sha256/{blob.hexadecimal}"),
            )
            for _ in range(TRIES)
        ]

    we, they = (min(times) for times in zip(*pairs, strict=True))
    assert we * AT_LEAST <= they, f"{SIZE / we / 1e6:.0f} MB/s to {SIZE / they / 1e6:.0f} MB/s"

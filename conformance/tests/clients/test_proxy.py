"""The proxy: it passes on what comes, byte for byte, notes it, and cuts where it is told to."""

from __future__ import annotations

import hashlib
import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from injector_conformance.clients import proxy as proxies
from injector_conformance.clients.proxy import Cuts, Proxy

BLOB = bytes(range(256)) * 4096
DIGEST = f"sha256:{hashlib.sha256(BLOB).hexdigest()}"
PATH = f"/v2/a/blobs/{DIGEST}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        body = BLOB[start:] if self.path == PATH else b"{}"
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = ("127.0.0.1", server.server_port)
        with proxies.opened(lambda: socket.create_connection(address)) as made:
            yield made
        server.shutdown()
        thread.join()


def get(proxy: Proxy, path: str, start: int = 0) -> bytes:
    """As much of an answer as comes."""
    connection = http.client.HTTPConnection(proxy.host, timeout=20)
    fields = {"User-Agent": "me/1", **({"Range": f"bytes={start}-"} if start else {})}
    connection.request("GET", path, headers=fields)
    try:
        return connection.getresponse().read()
    except http.client.IncompleteRead as error:
        return error.partial
    finally:
        connection.close()


def test_passes_on_and_notes_every_request_of_a_connection(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection(proxy.host, timeout=20)
    for path, body in (("/v2/", b"{}"), (PATH, BLOB), ("/v2/", b"{}")):
        connection.request("GET", path, headers={"User-Agent": "me/1"})
        assert connection.getresponse().read() == body
    connection.close()

    noted = [(one.target, one.status, one.size, one.agent) for one in proxy.taken()]
    assert noted == [
        ("/v2/", 200, 2, "me/1"),
        (PATH, 200, len(BLOB), "me/1"),
        ("/v2/", 200, 2, "me/1"),
    ]
    assert proxy.taken() == []


@pytest.mark.parametrize("place", [0, 1, 4096, len(BLOB) // 2, len(BLOB) - 1])
def test_cuts_to_the_byte_and_once(proxy: Proxy, place: int) -> None:
    proxy.cuts = Cuts(DIGEST, (place,))

    assert get(proxy, "/v2/") == b"{}"
    assert get(proxy, PATH) == BLOB[:place]
    assert get(proxy, PATH) == BLOB
    _, first, second = proxy.taken()
    assert (first.is_cut, first.size) == (True, place)
    assert (second.is_cut, second.size) == (False, len(BLOB))


def test_cuts_where_the_whole_has_come_to_whoever_goes_on_by_range(proxy: Proxy) -> None:
    quarter = len(BLOB) // 4
    proxy.cuts = Cuts(DIGEST, (quarter, 2 * quarter, 3 * quarter))
    got = b""
    for _ in range(4):
        got += get(proxy, PATH, len(got))

    assert got == BLOB
    assert proxy.cuts.left == 0
    assert [one.start for one in proxy.taken()] == [0, quarter, 2 * quarter, 3 * quarter]


def test_whoever_begins_again_is_cut_at_the_next_place(proxy: Proxy) -> None:
    proxy.cuts = Cuts(DIGEST, (1000, 2000))

    assert [len(get(proxy, PATH)) for _ in range(3)] == [1000, 2000, len(BLOB)]


def test_what_is_no_http_passes_and_is_noted_as_such(proxy: Proxy) -> None:
    host, _, port = proxy.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as stream:
        stream.sendall(b"\x16\x03\x01\x00\x05hello\r\n\r\n")
        answer = stream.recv(1 << 16)

    assert answer.startswith(b"HTTP/1.1 400") or b"400" in answer
    assert [one.method for one in proxy.taken()] == [""]


def test_nobody_behind_it_ends_the_connection() -> None:
    def refuse() -> socket.socket:
        raise ConnectionRefusedError

    with proxies.opened(refuse) as made:
        host, _, port = made.host.partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as stream:
            assert stream.recv(1) == b""

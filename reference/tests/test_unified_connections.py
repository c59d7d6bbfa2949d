"""The registry on one connection: requests one after the other, and what ends it (HTTP-13)."""

from __future__ import annotations

import socket

import pytest

from injector_fixtures.golden import unified
from tests.served import Served, answered, read_to_end, request
from tests.test_unified_serving import BLOB, LAYER, LAYOUT, SEED, path_of


class TestOneConnection:
    def test_serves_request_after_request(self, served: Served) -> None:
        with served.connect() as stream:
            for _ in range(3):
                stream.sendall(request(BLOB) + request("/v2/"))
                assert len(answered(stream).body) == LAYER.size
                assert answered(stream).body == b"{}"

    def test_answers_in_order_what_came_at_once(self, served: Served) -> None:
        paths = [path_of(name) for name in LAYOUT.images] * 40
        last = request("/v2/", Connection="close")
        received = served.send(b"".join(map(request, paths)) + last)

        bodies = [one.manifest.data for one in LAYOUT.images.values()] * 40
        place = 0
        for body in bodies:
            place = received.index(body, place) + len(body)
        assert received.endswith(b"{}")

    def test_takes_a_request_in_single_bytes(self, served: Served) -> None:
        with served.connect() as stream:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in request("/v2/"):
                stream.send(bytes([byte]))
            assert answered(stream).status == 200

    @pytest.mark.parametrize(
        "body",
        [
            request("/v2/", "GET", Content_Length="40") + request(path_of(unified.SEED_IMAGE)),
            request("/v2/", "PUT", Transfer_Encoding="chunked")
            + b"0\r\n\r\n"
            + request(path_of(unified.SEED_IMAGE)),
            request("/v2/", "PUT", Expect="100-continue", Content_Length="7"),
        ],
    )
    def test_ends_with_a_request_that_has_a_body(self, served: Served, body: bytes) -> None:
        received = served.send(body)

        assert received.count(b"HTTP/1.1 ") == 1
        assert b"\r\nConnection: close\r\n" in received
        assert SEED.manifest.data not in received

    def test_goes_on_after_a_body_of_nothing(self, served: Served) -> None:
        with served.connect() as stream:
            stream.sendall(request("/v2/", Content_Length="0") + b"\r\n" + request("/v2/"))
            assert answered(stream).status == answered(stream).status == 200

    @pytest.mark.parametrize(
        "head",
        [b"GET /v2/ HTTP/1.0\r\n\r\n", b"GET /v2/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"],
    )
    def test_ends_after_a_request_of_http_1_0(self, served: Served, head: bytes) -> None:
        received = served.send(head)

        assert received.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close\r\n" in received
        assert b"chunked" not in received

    def test_answers_whoever_sends_no_more(self, served: Served) -> None:
        with served.connect() as stream:
            stream.sendall(request(BLOB))
            stream.shutdown(socket.SHUT_WR)
            assert read_to_end(stream).endswith(LAYOUT.data(LAYER.digest)[-1000:])

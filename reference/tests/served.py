"""A layout that is served in this process, and raw connections to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from injector_fixtures.oci.layout import Layout
from zarf_injector.unified import arguments, layout, seeding, serving

SECONDS = 20.0
"""How long anything may take before a test fails; the machine may be busy."""


@dataclass(frozen=True)
class Answered:
    """An answer, read to its end."""

    status: int
    fields: Mapping[str, str]
    body: bytes


@dataclass
class Served:
    """A server that runs in a thread.

    Attributes:
        port: on 127.0.0.1.
        lines: what it logged.
    """

    port: int
    lines: list[str]
    server: serving.Server

    def connect(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def send(self, data: bytes) -> bytes:
        """Send bytes on a connection of their own; returns what comes until it is closed."""
        with self.connect() as stream:
            stream.sendall(data)
            return read_to_end(stream)

    def ask(self, path: str, method: str = "GET", **fields: str) -> Answered:
        """A request on a connection of its own; ``_`` in a field's name stands for a hyphen."""
        with self.connect() as stream:
            stream.sendall(request(path, method, **fields))
            return answered(stream, method)


def request(path: str, method: str = "GET", **fields: str) -> bytes:
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: test"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join((*lines, "", "")).encode()


def answered(stream: socket.socket, method: str = "GET") -> Answered:
    """The next answer on a connection, and no byte of what comes behind it."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        assert byte, f"the connection ended within {head!r}"
        head += byte
    first, *lines = head.decode("ascii").splitlines()[:-1]
    fields = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
    size = 0 if method == "HEAD" else int(fields["content-length"])
    body = bytearray()
    while len(body) < size:
        piece = stream.recv(size - len(body))
        assert piece, f"the connection ended after {len(body)} of {size} bytes"
        body += piece
    return Answered(int(first.split()[1]), fields, bytes(body))


def read_to_end(stream: socket.socket) -> bytes:
    """Everything until the server closes; a reset counts as an end."""
    received = b""
    while True:
        try:
            piece = stream.recv(1 << 20)
        except ConnectionError:
            return received
        if not piece:
            return received
        received += piece


@contextmanager
def serve(served: Layout, directory: Path) -> Iterator[Served]:
    """Extract a layout's payload below ``directory``, and serve it."""
    init, seed = directory / "init", directory / "seed"
    init.mkdir()
    seed.mkdir()
    chunks = served.init_directory()
    chunks.write(init)
    seeding.seed(str(init), str(seed), chunks.sha256, lambda _: None)
    with serve_directory(seed) as running:
        yield running


@contextmanager
def serve_directory(seed: Path) -> Iterator[Served]:
    """Serve a directory that holds a layout."""
    listener = serving.reserve(arguments.address("127.0.0.1:0"))
    lines: list[str] = []
    server = serving.Server(listener, layout.Layout(bytes(seed)), lines.append)
    port = serving.listen(listener)
    over = threading.Event()

    def turn() -> None:
        while not over.is_set():
            server.turn()

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield Served(port, lines, server)
    finally:
        over.set()
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS).close()
        thread.join(SECONDS)
        server.close()

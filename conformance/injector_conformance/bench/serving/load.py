"""The load: run this file with ``python -I -S`` in the network of whom it is to load.

It reads JSON from standard input and prints JSON. What it downloads it throws away in the kernel
(``MSG_TRUNC``, tcp(7)): nothing is copied, so that one thread takes several times as much as a
server can give. Every request is made on a connection of its own, as containerd makes them for
layers, and says that it is the last, so that the end of a body can be told however it is framed.

A task has a ``target``, a ``field`` of the request's head, and more::

    pull    ``clients`` at a time get ``target``, ``pulls`` times each, or for ``seconds``
    probe   one after the other asks for ``target``, for ``seconds``
    hold    opens ``clients`` connections that say nothing, prints how many it has, and keeps them
            until standard input ends
"""

from __future__ import annotations

import contextlib
import json
import resource
import selectors
import socket
import sys
import time
from typing import Any

HOST = ("127.0.0.1", 5000)
BLOCK = 1 << 20
HEAD = 1 << 16
GRANTED = 200
DEADLINE = 30.0
PAUSE = 0.002
"""Seconds between two probes."""

LOWAT = 1 << 18
"""Bytes that have to be there before anybody is woken, but at the end (SO_RCVLOWAT, socket(7))."""


Told = dict[str, Any]


class BadAnswerError(Exception):
    """What came is no answer to what was asked; the message says what it is."""


class Client:
    """Gets one thing again and again."""

    def __init__(self, request: bytes, size: int) -> None:
        """Take what to send, and how many bytes there are to get."""
        self.request = request
        self.size = size
        self.socket = socket.socket()
        self.head = b""
        self.got = 0

    def start(self) -> None:
        """Connect, and ask."""
        self.head, self.got = b"", 0
        self.socket = socket.socket()
        self.socket.settimeout(DEADLINE)
        self.socket.connect(HOST)
        self.socket.sendall(self.request)
        self.socket.setblocking(False)

    def take(self, place: bytearray) -> bool:
        """Take what is there; whether that was all.

        Raises:
            BadAnswerError: it is not what was asked for.
        """
        if b"\r\n\r\n" not in self.head:
            piece = self.socket.recv(HEAD)
            self.head += piece
            head, ended, body = self.head.partition(b"\r\n\r\n")
            if not piece:
                raise BadAnswerError("the connection ended before an answer")
            if ended:
                if head.split(b" ", 2)[1:2] != [b"%d" % GRANTED]:
                    raise BadAnswerError(head.split(b"\r\n")[0].decode("latin-1"))
                self.got = len(body)
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, LOWAT)
            return False
        taken = self.socket.recv_into(place, BLOCK, socket.MSG_TRUNC)
        self.got += taken
        if taken:
            return False
        self.socket.close()
        if self.got < self.size:
            raise BadAnswerError(f"{self.got} of {self.size} bytes came")
        return True


def request_of(told: Told) -> bytes:
    """The request that a task is about."""
    fields = f"Host: 127.0.0.1:5000\r\n{told['field']}\r\nConnection: close\r\n"
    return f"GET {told['target']} HTTP/1.1\r\n{fields}\r\n".encode()


def pull(told: Told) -> Told:
    """Get the target; bytes and seconds are returned."""
    request, size = request_of(told), told["size"]
    left = {n: told.get("pulls", 1 << 30) for n in range(told["clients"])}
    place = bytearray(BLOCK)
    count = 0
    began = time.perf_counter()
    until = began + told.get("seconds", DEADLINE)
    with selectors.DefaultSelector() as selector:
        for number in left:
            client = Client(request, size)
            client.start()
            selector.register(client.socket, selectors.EVENT_READ, (number, client))
        while selector.get_map():
            if time.perf_counter() >= until:
                if "seconds" in told:
                    break
                raise BadAnswerError(f"not all came within {DEADLINE:g} s")
            for key, _ in selector.select(1):
                number, client = key.data
                with contextlib.suppress(BlockingIOError):
                    descriptor = key.fileobj
                    if not client.take(place):
                        continue
                    selector.unregister(descriptor)
                    count += 1
                    left[number] -= 1
                    if left[number]:
                        client.start()
                        selector.register(client.socket, selectors.EVENT_READ, key.data)
    return {"count": count, "bytes": count * size, "seconds": time.perf_counter() - began}


def probe(told: Told) -> Told:
    """Ask one after the other; the seconds that each answer took are returned."""
    request = request_of(told)
    place = bytearray(BLOCK)
    taken: list[float] = []
    until = time.perf_counter() + told["seconds"]
    while (began := time.perf_counter()) < until or not taken:
        client = Client(request, 0)
        client.start()
        client.socket.settimeout(DEADLINE)
        while not client.take(place):
            pass
        taken.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    return {"taken": taken}


def hold(told: Told) -> Told:
    """Hold connections; those that were refused or closed at once do not count."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    held = []
    for _ in range(told["clients"]):
        one = socket.socket()
        one.settimeout(DEADLINE)
        try:
            one.connect(HOST)
        except OSError:
            one.close()
            continue
        held.append(one)
    time.sleep(told["seconds"])
    alive = 0
    for one in held:
        one.setblocking(False)
        try:
            one.recv(1)
        except BlockingIOError:
            alive += 1
        except OSError:
            continue
    say({"held": alive})
    sys.stdin.buffer.read()
    return {}


def say(told: Told) -> None:
    """Print a line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


TASKS = {"pull": pull, "probe": probe, "hold": hold}


def main() -> None:
    """Do what the first line says."""
    told = json.loads(sys.stdin.buffer.readline())
    began, used = time.perf_counter(), time.process_time()
    try:
        found = TASKS[told["task"]](told)
    except (BadAnswerError, OSError) as error:
        found = {"error": str(error)}
    wall = max(time.perf_counter() - began, 1e-9)
    say({**found, "busy": (time.process_time() - used) / wall})


if __name__ == "__main__":
    main()

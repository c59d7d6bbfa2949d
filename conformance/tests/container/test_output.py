"""Taking the daemon's connection apart, wherever it is cut."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as some

from injector_conformance.sandbox.container import launch
from injector_conformance.sandbox.container.output import Output
from injector_conformance.sandbox.process import CAPTURE_LIMIT

PIECES = some.lists(some.tuples(some.sampled_from([1, 2]), some.binary(max_size=50)), max_size=20)


def framed(number: int, content: bytes) -> bytes:
    return struct.pack(">BxxxI", number, len(content)) + content


@given(PIECES, some.integers(1, 9))
def test_streams_are_told_apart_wherever_the_connection_is_cut(
    pieces: list[tuple[int, bytes]], size: int
) -> None:
    connection = b"".join(framed(*piece) for piece in pieces)
    output = Output()

    for start in range(0, len(connection), size):
        output.feed(connection[start : start + size])

    for number, found in ((1, output.stdout), (2, output.stderr)):
        assert found == b"".join(content for which, content in pieces if which == number)


def test_of_long_errors_the_beginning_and_the_ending_are_kept() -> None:
    output = Output()
    for _ in range(100):
        output.feed(framed(2, b"x" * 4000))
    output.feed(framed(2, b"\0status=256 peak=7 nanoseconds=5000000000\n"))

    stderr, ending = launch.ending(output.stderr)

    assert ending == launch.Ending(status=1, peak_memory=7168, seconds=5.0)
    assert stderr[:CAPTURE_LIMIT] == b"x" * CAPTURE_LIMIT


def test_without_an_ending_nothing_is_made_up() -> None:
    assert launch.ending(b"status=0 peak=1 nanoseconds=1\n")[1] is None

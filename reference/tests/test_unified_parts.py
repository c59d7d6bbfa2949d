"""Requests, targets, ranges, references: properties, and what independent readers say."""

from __future__ import annotations

import email.utils
import re
import urllib.parse
from typing import Final

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from zarf_injector.unified import answers, heads, ranges, references, targets

# The same tries every time: what fails here has to fail again.
settings.register_profile("unified", derandomize=True, deadline=None, max_examples=150)
TRIES: Final = settings.get_profile("unified")

NAME_LETTERS: Final = "abcXYZ019!#$%&'*+-.^_`|~"

NAMES: Final = some.text(NAME_LETTERS, min_size=1, max_size=12).filter(
    lambda name: name.lower() not in {"host", "content-length", "transfer-encoding"}
)
VALUES: Final = some.text([*map(chr, range(0x20, 0x7F)), "\t", "\xe9"], max_size=30).map(
    lambda value: value.strip(" \t")
)
TARGETS: Final = some.text([*map(chr, range(0x21, 0x7F))], max_size=40).map("/".__add__)


@some.composite
def requests(draw: some.DrawFn) -> bytes:
    """The head of a request that is right."""
    lines = [
        f"{draw(some.sampled_from(['GET', 'HEAD', 'PUT', 'x!']))} {draw(TARGETS)} HTTP/1.1",
        "Host: registry.example:5000",
        *(f"{name}: {value}" for name, value in draw(some.lists(some.tuples(NAMES, VALUES)))),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@some.composite
def damaged(draw: some.DrawFn) -> bytes:
    """A request with a few bytes changed, lost or added."""
    head = bytearray(draw(requests()))
    extra = some.sampled_from(
        [
            b"\r\n",
            b"\n",
            b"\r",
            b" ",
            b"\t",
            b":",
            b"\0",
            b"Content-Length: 1\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Host: b\r\n",
            b"HTTP/1.1",
        ]
    ) | some.binary(max_size=3)
    for _ in range(draw(some.integers(1, 3))):
        place = draw(some.integers(0, len(head)))
        head[place : place + draw(some.integers(0, 3))] = draw(extra)
    return bytes(head)


def read(received: bytes) -> heads.Request | int | None:
    """The first request, or the status that refuses it, or None if it is not all there."""
    try:
        end = heads.end_of(received)
        return None if end is None else heads.parse(received[:end])
    except heads.RefusedError as refusal:
        return refusal.status


class TestHeads:
    @settings(TRIES)
    @given(requests())
    def test_that_are_right_are_read_as_another_reader_reads_them(self, head: bytes) -> None:
        ours, theirs = read(head), by_h11(head)

        assert isinstance(ours, heads.Request)
        assert theirs is not None
        assert (ours.method, ours.target) == (theirs.method, theirs.target)
        assert sorted((name, one) for name in ours.fields for one in ours.fields[name]) == sorted(
            theirs.headers
        )

    @settings(TRIES)
    @given(requests(), some.binary(max_size=50))
    def test_end_where_they_end_and_not_before(self, head: bytes, more: bytes) -> None:
        assert heads.end_of(head + more) == len(head)
        for cut in range(len(head)):
            assert heads.end_of(head[:cut]) is None

    @settings(TRIES)
    @given(some.binary(max_size=200) | damaged())
    @example(b"\r\n\r\n\r\n\r\n")
    @example(b"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n")
    def test_of_any_bytes_are_a_request_or_refused_or_not_all_there(self, received: bytes) -> None:
        found = read(received)

        assert found is None or isinstance(found, heads.Request) or 400 <= found < 600

    @settings(TRIES)
    @given(damaged())
    def test_that_we_take_another_reader_takes_too_and_sees_the_same(self, head: bytes) -> None:
        ours = read(head)
        if not isinstance(ours, heads.Request):
            return
        end = heads.end_of(head)
        assert end is not None
        theirs = by_h11(head[:end].lstrip(b"\r\n"))

        assert theirs is not None
        assert (ours.method, ours.target) == (theirs.method, theirs.target)

    @settings(TRIES)
    @given(damaged(), some.data())
    def test_do_not_depend_on_how_they_arrive(self, head: bytes, data: some.DataObject) -> None:
        """What is refused early is refused for good, and what is whole stays what it was."""
        cut = data.draw(some.integers(0, len(head)))
        early, late = read(head[:cut]), read(head)
        if isinstance(early, int):
            assert isinstance(late, int)
        elif early is not None:
            assert isinstance(late, heads.Request)
            assert (early.method, early.target, early.fields) == (
                *(late.method, late.target),
                late.fields,
            )

    @pytest.mark.parametrize(
        ("fields", "last"),
        [
            ({}, False),
            ({b"connection": [b"keep-alive"]}, False),
            ({b"connection": [b"Keep-Alive", b"x,  CLOSE "]}, True),
            ({b"connection": [b"closed"]}, False),
            ({b"content-length": [b"000"]}, False),
            ({b"content-length": [b"1"]}, True),
            ({b"transfer-encoding": [b"chunked"]}, True),
        ],
    )
    def test_say_whether_they_are_the_last(self, fields: heads.Fields, last: bool) -> None:
        assert heads.is_last(heads.Request(b"GET", b"/", 1, fields)) is last


def by_h11(head: bytes) -> h11.Request | None:
    """What h11 makes of a request, if it is one to it."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    connection.receive_data(head)
    try:
        event = connection.next_event()
    except h11.RemoteProtocolError:
        return None
    return event if isinstance(event, h11.Request) else None


@settings(TRIES)
@given(some.binary(max_size=60))
def test_what_can_be_decoded_is_decoded_once(path: bytes) -> None:
    decoded = targets.decoded(path)
    ours_fails = re.search(rb"%(?![0-9A-Fa-f]{2})", path) is not None

    assert decoded == (None if ours_fails else urllib.parse.unquote_to_bytes(path))


@settings(TRIES)
@given(some.binary(max_size=60))
def test_what_was_encoded_comes_back(path: bytes) -> None:
    assert targets.path_of(b"/" + urllib.parse.quote_from_bytes(path).encode()) == b"/" + path


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/v2/?x=/y", b"/v2/"),
        (b"http://a/v2/", b"/v2/"),
        (b"HTTPS://a:1/v2/?q", b"/v2/"),
        (b"http://a", b"/"),
        (b"*", b"*"),
        (b"a:443", b"a:443"),
        (b"ftp://a/v2/", b"ftp://a/v2/"),
        (b"/%2541", b"/%41"),
        (b"/%3fx", b"/?x"),
        (b"/%", None),
        (b"/%4", None),
        (b"/%+1", None),
    ],
)
def test_targets_become_paths(target: bytes, path: bytes | None) -> None:
    assert targets.path_of(target) == path


@settings(TRIES)
@given(some.integers(0, 20), some.integers(0, 25), some.none() | some.integers(0, 25))
def test_a_range_is_what_slicing_says(size: int, first: int, last: int | None) -> None:
    content = bytes(range(size))
    field = f"bytes={first}-{'' if last is None else last}".encode()
    wanted = content[first:] if last is None else content[first : last + 1]
    try:
        part = ranges.part_of(size, field)
    except ranges.UnsatisfiableError:
        assert first >= size
        return

    if part is None:
        assert last is not None
        assert last < first
    else:
        assert content[part.first : part.last + 1] == wanted
        assert part.size == len(wanted) > 0


@settings(TRIES)
@given(some.integers(0, 20), some.integers(0, 25))
def test_a_suffix_is_what_slicing_says(size: int, count: int) -> None:
    content = bytes(range(size))
    try:
        part = ranges.part_of(size, b"bytes=-%d" % count)
    except ranges.UnsatisfiableError:
        assert count == 0
        return

    got = b"" if part is None else content[part.first : part.last + 1]
    assert got == content[-count:]


@settings(TRIES)
@given(some.binary(max_size=30) | some.text("bytes=-0123456789, ", max_size=30).map(str.encode))
def test_any_range_is_inside_or_ignored_or_refused(field: bytes) -> None:
    try:
        part = ranges.part_of(10, field)
    except ranges.UnsatisfiableError:
        return

    assert part is None or 0 <= part.first <= part.last < 10


@settings(TRIES)
@given(some.binary(max_size=140) | some.text("aZ0_.-:/", max_size=140).map(str.encode))
@example(b"a" * 128)
@example(b"a" * 129)
@example(b"latest\n")
def test_tags_are_those_of_the_specification(text: bytes) -> None:
    assert references.is_tag(text) is bool(
        re.fullmatch(rb"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}", text)
    )


@settings(TRIES)
@given(some.text("0123456789abcdefABg/.:", min_size=60, max_size=70), some.booleans())
@example("a" * 64, True)
@example("a" * 64, False)
@example("a" * 63 + "\n", True)
def test_digests_are_those_of_the_specification(text: str, named: bool) -> None:
    reference = f"sha256:{text}" if named else text
    right = re.fullmatch(r"sha256:[a-f0-9]{64}", reference)

    assert references.digits_of(reference.encode()) == (text if right else None)


@settings(TRIES)
@given(some.integers(0, 4_000_000_000))
def test_dates_are_those_of_the_standard_library(now: int) -> None:
    assert answers.date(now) == email.utils.formatdate(now, usegmt=True)

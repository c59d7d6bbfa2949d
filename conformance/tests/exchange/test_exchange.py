"""Exchanges: what is read from a connection, and what is complained of.

Nothing here needs a sandbox: the other side is a socket pair.
"""

from __future__ import annotations

import re
import socket
from typing import cast

import pytest

from injector_conformance.conversation.connection import Connection
from injector_conformance.conversation.perform import Performance
from injector_conformance.exchange import Exchange, words
from injector_conformance.exchange.events import (
    Answered,
    Event,
    Gathered,
    Left,
    Quiet,
    Seen,
    Service,
    Unreadable,
    Weighed,
)
from injector_conformance.exchange.expected import (
    ANY_VALUE,
    Answer,
    Closed,
    Document,
    Expected,
    Field,
    Silence,
    Truncated,
    body,
)
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import Again, Ask, Step, Together, Weigh
from injector_conformance.judging.answers import Complaint, complaints
from injector_conformance.sandbox.live import Live

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Odd: a\r\n\r\nhello"


def read(*parts: bytes, method: bytes = b"GET", closes: bool = True) -> Seen:
    """What a connection makes of these bytes."""
    ours, theirs = socket.socketpair()
    with theirs:
        connection = Connection(ours, lambda: None)
        connection.is_open = True
        for part in parts:
            theirs.sendall(part)
        if closes:
            theirs.shutdown(socket.SHUT_WR)
        try:
            return connection.read(method, 0.2)
        finally:
            connection.close()


def complaint(step: Step, *events: Event) -> list[Complaint]:
    service = Service(0.1, (), tuple((0, event) for event in events), False, False)
    return list(complaints(Exchange((step,)), service))


def answered(raw: bytes = OK) -> Answered:
    seen = read(raw)
    assert isinstance(seen, Answered)
    return seen


class TestReading:
    def test_an_answer_with_a_length(self) -> None:
        seen = answered()
        assert (seen.status, seen.size, seen.start, seen.is_last) == (200, 5, b"hello", False)
        assert ("x-odd", "a") in seen.fields

    def test_an_answer_byte_by_byte(self) -> None:
        assert isinstance(read(*(OK[n : n + 1] for n in range(len(OK)))), Answered)

    def test_chunks_and_their_end(self) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert answered(head + b"5\r\nhello\r\n0\r\n\r\n").start == b"hello"
        assert isinstance(read(head + b"5\r\nhello\r\n"), Left)
        assert isinstance(read(head + b"5\r\nhelloXX0\r\n\r\n"), Unreadable)

    def test_a_body_that_breaks_off(self) -> None:
        assert read(OK[:-1]) == Left("closed", OK[:-1])

    def test_a_body_up_to_the_end_of_the_connection(self) -> None:
        seen = answered(b"HTTP/1.0 200 OK\r\n\r\nhello")
        assert (seen.start, seen.is_last) == (b"hello", True)

    def test_the_answer_to_head_has_no_body(self) -> None:
        seen = read(OK[:-5], method=b"HEAD", closes=False)
        assert isinstance(seen, Answered)
        assert seen.size == 0

    def test_a_connection_that_closes_without_a_byte(self) -> None:
        assert read() == Left("closed", b"")

    def test_silence(self) -> None:
        assert read(closes=False) == Quiet(0.2, b"")

    def test_what_is_no_answer(self) -> None:
        assert isinstance(read(b"SSH-2.0-x\r\n\r\n"), Unreadable)

    def test_what_comes_first_only_announces(self) -> None:
        assert answered(b"HTTP/1.1 100 Continue\r\n\r\n" + OK).status == 200

    def test_nothing_comes_from_a_connection_that_is_closed(self) -> None:
        ours, theirs = socket.socketpair()
        connection = Connection(ours, lambda: None)
        connection.close()
        theirs.close()
        assert connection.read(b"GET", 60.0) == Left("closed before", b"")
        assert not connection.send(b"x")
        assert connection.ends(60.0)


class TestJudging:
    @pytest.mark.parametrize(
        "expected",
        [
            Answer((200,)),
            Answer(range(200, 300), (Field("x-odd", "a|b"),), body(b"hello")),
            Answer((200,), (Field("x-none", None), Field("x-none", "a", is_required=False))),
        ],
    )
    def test_it_is_as_expected(self, expected: Expected) -> None:
        assert complaint(Ask(get("/"), (expected,)), answered()) == []

    @pytest.mark.parametrize(
        ("expected", "said"),
        [
            (Answer((404,)), "another status than 404"),
            (Answer((200,), (Field("x-odd", "b"),)), "x-odd is a"),
            (Answer((200,), (Field("x-odd", None),)), "x-odd is there"),
            (Answer((200,), (Field("etag", ".*"),)), "etag is missing"),
            (Answer((200,), (), body(b"hell")), "5 bytes of body, not 4"),
            (Answer((200,), (), body(b"hellO")), "other bytes"),
            (Answer((200,), (), Document("errors")), "no JSON"),
            (Closed(), "not closed"),
            (Silence(), "there is an answer"),
            (Truncated(), "the answer is whole"),
        ],
    )
    def test_it_is_not(self, expected: Expected, said: str) -> None:
        (found,) = complaint(Ask(get("/"), (expected,)), answered())
        assert said in found.observed
        assert found.requirement == ""

    def test_a_field_may_say_what_is_broken_by_it(self) -> None:
        wrong = Answer((200,), (Field("x-odd", "b", requirement="HTTP-2"),))
        (found,) = complaint(Ask(get("/"), (wrong,)), answered())
        assert found.requirement == "HTTP-2"

    def test_fields_of_other_content_do_not_count(self) -> None:
        wrong = (Field("x-odd", "b", requirement="HTTP-2"),)
        for answer in (
            Answer((200,), wrong, body(b"other")),
            Answer((200,), (*wrong, Field("docker-content-digest", "a")), body(b"")),
        ):
            (found,) = complaint(Ask(get("/"), (answer,)), answered())
            assert found.requirement == ""

    def test_where_there_are_alternatives_no_single_one_was_promised(self) -> None:
        wrong = Answer((200,), (Field("x-odd", "b", requirement="HTTP-2"),))
        (found,) = complaint(Ask(get("/"), (wrong, Answer((404,)))), answered())
        assert found.requirement == ""

    def test_one_alternative_is_enough(self) -> None:
        step = Ask(get("/"), (Answer((404,)), Closed(is_silent=True)))
        assert complaint(step, Left("closed", b"")) == []
        assert len(complaint(step, Left("closed", b"x"))) == 1

    def test_errors_as_oci_has_them(self) -> None:
        step = Ask(get("/"), (Answer((200,), (), Document("errors")),))

        def of(text: bytes) -> Answered:
            return answered(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))

        assert complaint(step, of(b'{"errors":[{"code":"NAME_UNKNOWN"}]}')) == []
        for text in (b"[]", b'{"errors":[]}', b'{"errors":[{}]}', b'{"errors":[{"code":1}]}'):
            assert len(complaint(step, of(text))) == 1

    def test_each_of_many_must_be_right_and_the_probe_beside_them(self) -> None:
        step = Together((get("/"), get("/")), (Answer((200,)),), probe=get("/v2/"))
        good, bad = answered(), Quiet(1.0, b"")
        assert complaint(step, Gathered((good, good), (good,))) == []
        assert "request 2 of 2" in complaint(step, Gathered((good, bad), ()))[0][1]
        assert "beside them" in complaint(step, Gathered((good, good), (bad,)))[0][1]

    def test_what_grows(self) -> None:
        exchange = Exchange((Weigh(), Weigh(memory=10, descriptors=1)))

        def grown(memory: int, descriptors: int) -> int:
            events = ((0, Weighed(100, 5)), (1, Weighed(100 + memory, 5 + descriptors)))
            return len(list(complaints(exchange, Service(0.1, (), events, False, False))))

        assert (grown(10, 1), grown(11, 1), grown(0, 2), grown(-50, -2)) == (0, 1, 1, 0)


class TestAgain:
    """Steps that are carried out several times."""

    @pytest.mark.parametrize(
        ("expected", "times"),
        [(Answer((200,)), 1), (Silence(), 500)],
        ids=["who is to answer", "who is to be silent"],
    )
    def test_who_does_not_answer_is_not_waited_for_again(
        self, monkeypatch: pytest.MonkeyPatch, expected: Expected, times: int
    ) -> None:
        seen: list[Step] = []

        def do(_: Performance, step: Step) -> list[Event]:
            seen.append(step)
            return [Quiet(10.0, b"")]

        monkeypatch.setattr(Performance, "_do", do)
        again = Again((Ask(get("/"), (expected,)),), 500)

        events = Performance(Exchange((again,)), cast("Live", None))._again(again)

        assert len(seen) == times
        assert [type(event) for event in events] == [Quiet]


def test_fields_are_told_as_they_are_spelled() -> None:
    answer = Answer(
        (200,),
        (
            Field("content-type", ANY_VALUE, requirement="HTTP-2"),
            Field("content-type", re.escape("application/a+json"), requirement="NAMES-5"),
            Field("etag", '(W/)?".*"'),
            Field("content-encoding", None),
        ),
    )

    assert words.expected(answer) == (
        'status 200, content-type application/a+json, etag (W/)?".*", no content-encoding'
    )

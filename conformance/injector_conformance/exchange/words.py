"""Exchanges in words, for reports and ``explain``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from injector_conformance.exchange import steps
from injector_conformance.exchange.events import (
    Answered,
    Left,
    Quiet,
    Seen,
    Unreachable,
    Unreadable,
)
from injector_conformance.exchange.expected import (
    ANY_VALUE,
    Answer,
    Body,
    Closed,
    Document,
    Expected,
    Field,
    Silence,
    Truncated,
)
from injector_conformance.exchange.requests import Request

_LONGEST: Final = 72
_ESCAPED: Final = re.compile(r"\\(.)")


def raw(data: bytes) -> str:
    """Bytes on one line, the first of them."""
    text = ascii(data[:_LONGEST])[2:-1]
    return f"{text}… ({len(data):,} bytes)" if len(data) > _LONGEST else text


def request(one: Request) -> str:
    """A request's line."""
    return f"{raw(one.method)} {raw(one.target)}"


def status(allowed: Sequence[int] | range) -> str:
    """Status numbers that are allowed."""
    if isinstance(allowed, range):
        return f"{allowed.start} to {allowed.stop - 1}"
    return " or ".join(map(str, allowed))


def seen(event: Seen) -> str:
    """What came."""
    match event:
        case Answered():
            return f"status {event.status}, {event.size:,} bytes"
        case Left(how, got):
            return f"{how}" + (f" after {raw(got)}" if got else " without a byte")
        case Quiet(seconds, got):
            return f"no whole answer within {seconds:g} s" + (f", only {raw(got)}" if got else "")
        case Unreadable(reason, got):
            return f"no answer of HTTP ({reason}): {raw(got)}"
        case Unreachable(reason):
            return f"no connection: {reason}"


def _telling(fields: Sequence[Field]) -> list[Field]:
    """The fields without those that say of another one only that it is there."""
    values = {one.name for one in fields if one.pattern != ANY_VALUE}
    return [one for one in fields if one.pattern != ANY_VALUE or one.name not in values]


def _field(one: Field) -> str:
    """A field, and its value as it is spelled; a pattern that is more than that stays one."""
    if one.pattern is None:
        return f"no {one.name}"
    literal = _ESCAPED.sub(r"\1", one.pattern)
    value = literal if re.escape(literal) == one.pattern else one.pattern
    return f"{one.name} {value}"


def expected(one: Expected) -> str:
    """One alternative."""
    match one:
        case Answer():
            parts = [f"status {status(one.status)}"]
            parts += map(_field, _telling(one.fields))
            if isinstance(one.body, Body):
                parts.append(f"a body of {one.body.size:,} bytes, sha256 {one.body.sha256[:12]}…")
            if isinstance(one.body, Document):
                parts.append(
                    f"a body of {one.body.kind}" + "".join(f" {v}" for v in one.body.values)
                )
            if one.is_last:
                parts.append("then closed")
            return ", ".join(parts)
        case Closed(is_silent):
            return "closed without a byte" if is_silent else "closed"
        case Silence():
            return "nothing"
        case Truncated():
            return "an answer that can be seen to be cut short"


def expectation(step: steps.Step) -> str:  # noqa: PLR0911 - one for each step
    """What a step asks for."""
    match step:
        case steps.Ask():
            return f"{request(step.request)}: {alternatives(step.expect)}"
        case steps.Read():
            return f"on {step.connection}: {alternatives(step.expect)}"
        case steps.Open():
            return "nobody there" if step.is_refused else f"a connection to {step.address.host}"
        case steps.Together():
            return f"{len(step.requests)} requests at once: {expected(step.expect[0])}"
        case steps.Again():
            return f"{step.times} times: " + "; ".join(map(expectation, step.steps))
        case steps.Ends(within):
            return f"it ends within {within:g} s"
        case steps.Lives():
            return "it goes on"
        case steps.Rest():
            return f"at most {step.processor:g} s of processor in {step.seconds:g} s"
        case steps.Crowd():
            return f"{step.count} connections"
        case _:
            return describe(step)


def alternatives(expect: Sequence[Expected]) -> str:
    """All of them."""
    return " or ".join(map(expected, expect))


def describe(step: steps.Step) -> str:  # noqa: PLR0911 - one for each step
    """A step on a line."""
    match step:
        case steps.Send():
            pieces = f" in pieces of {step.piece} bytes" if step.piece else ""
            pieces += f", {step.pause:g} s apart" if step.pause else ""
            return f"{step.connection}: send {raw(step.data)}{pieces}"
        case steps.Part():
            return f"{step.connection}: {step.how}"
        case steps.Wait():
            return f"wait {step.seconds:g} s"
        case steps.Crowd():
            data = f", each with {raw(step.data)}" if step.data else ""
            return f"open {step.count} connections{data}"
        case steps.Disperse():
            return f"{step.how} them all"
        case steps.Signal():
            return f"signal {step.number}"
        case steps.Weigh():
            return "weigh memory and descriptors"
        case steps.Limit():
            return f"limit descriptors to {step.descriptors}" if step.descriptors else "lift it"
        case steps.Occupy():
            how = "leave behind a connection of" if step.is_left else "listen on"
            return f"{how} port {step.address.port} first"
        case _:
            return expectation(step)

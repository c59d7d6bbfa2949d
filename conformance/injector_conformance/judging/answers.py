"""Judging an exchange: a pure function from steps and events to complaints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from injector_conformance.exchange import Exchange, words
from injector_conformance.exchange.events import (
    Answered,
    Event,
    Fact,
    Gathered,
    Left,
    Quiet,
    Seen,
    Service,
    Unreachable,
    Weighed,
)
from injector_conformance.exchange.expected import (
    Answer,
    Body,
    Closed,
    Document,
    Expected,
    Field,
    Silence,
    Truncated,
)
from injector_conformance.exchange.steps import Again, Ask, Read, Step, Together, Weigh

_SCHEMA: Final = 2
_DIGEST: Final = "docker-content-digest"


class Complaint(NamedTuple):
    """What is not as it should be.

    Attributes:
        expected: what should be, in words.
        observed: what was.
        requirement: what is broken by that, whatever the case is about; empty for its own.
    """

    expected: str
    observed: str
    requirement: str = ""


class _Reason(NamedTuple):
    """Why something is not as it should be, and which requirement says so, if not the case's."""

    text: str
    requirement: str = ""


def complaints(exchange: Exchange, service: Service) -> Iterator[Complaint]:
    """What is not as it should be, in the order in which it was seen."""
    weighed: Weighed | None = None
    for place, event in service.events:
        step = exchange.steps[place]
        if isinstance(event, Weighed):
            yield from _heavier(step, weighed, event)
            weighed = event
            continue
        complaint = _complaint(step, event)
        if complaint is not None:
            yield Complaint(words.expectation(step), *complaint)
            # What follows a broken step is about a connection that is not where it should be.
            return


def _complaint(step: Step, event: Event) -> _Reason | None:  # noqa: PLR0911 - one for each event
    if isinstance(event, Fact):
        return None if event.holds else _Reason(event.text)
    if isinstance(event, Gathered):
        return _gathered(step, event) if isinstance(step, Together) else None
    if isinstance(event, Weighed):
        return None
    if isinstance(step, Again):
        expects = [one.expect for one in step.steps if isinstance(one, Ask | Read)]
        if isinstance(event, Unreachable) or not expects:
            return _Reason(words.seen(event))
        fits = [_best(expect, event) for expect in expects]
        return None if None in fits else fits[-1]
    if isinstance(step, Ask | Read):
        return _best(step.expect, event)
    return _Reason(words.seen(event))


def _best(expect: Sequence[Expected], event: Seen) -> _Reason | None:
    """Why none of the alternatives holds; None if one does."""
    found = [_mismatch(one, event) for one in expect]
    first = found[0]
    if first is None or None in found:
        return None
    # Where there are alternatives, no single one of them was promised.
    requirement = first.requirement if len(found) == 1 else ""
    return _Reason(f"{words.seen(event)}: {first.text}", requirement)


def _gathered(step: Together, event: Gathered) -> _Reason | None:
    for place, answer in enumerate(event.answers):
        expected = step.expect[min(place, len(step.expect) - 1)]
        reason = _mismatch(expected, answer)
        if reason is not None:
            at = f"request {place + 1} of {len(event.answers)}: {words.seen(answer)}"
            return _Reason(f"{at}: {reason.text}", reason.requirement)
    for probe in event.probes:
        if not isinstance(probe, Answered) or probe.status != HTTPStatus.OK:
            return _Reason(f"beside them: {words.seen(probe)}")
    return None


def _heavier(step: Step, before: Weighed | None, now: Weighed) -> Iterator[Complaint]:
    if not isinstance(step, Weigh) or before is None:
        return
    if step.memory is not None and now.memory - before.memory > step.memory:
        text = f"{before.memory:,} bytes became {now.memory:,}"
        yield Complaint(f"at most {step.memory:,} bytes more of memory", text)
    if step.descriptors is not None and now.descriptors - before.descriptors > step.descriptors:
        text = f"{before.descriptors} descriptors became {now.descriptors}"
        yield Complaint(f"at most {step.descriptors} descriptors more", text)


def _mismatch(expected: Expected, event: Seen) -> _Reason | None:
    """Why an event is not what was expected; None if it is."""
    if isinstance(expected, Answer):
        return _answer(expected, event)
    text = _otherwise(expected, event)
    return None if text is None else _Reason(text)


def _otherwise(expected: Closed | Silence | Truncated, event: Seen) -> str | None:
    match expected:
        case Closed(is_silent):
            if isinstance(event, Unreachable) or (
                isinstance(event, Left) and not (is_silent and event.got)
            ):
                return None
            return "the connection is not closed"
        case Silence():
            return None if isinstance(event, Quiet) else "there is an answer"
        case Truncated(prefix):
            begins = isinstance(event, Left) and event.got and event.got.startswith(prefix)
            return None if begins else "the answer is whole, or none"


def _answer(expected: Answer, event: Seen) -> _Reason | None:
    if not isinstance(event, Answered):
        return _Reason("no whole answer")
    if event.status not in expected.status:
        return _Reason(f"another status than {words.status(expected.status)}")
    for field in expected.fields:
        text = _field(field, _values(event, field.name))
        if text is not None:
            return _Reason(text, field.requirement if _is_meant(expected, event) else "")
    text = _body(expected.body, event)
    return None if text is None else _Reason(text)


def _values(event: Answered, name: str) -> list[str]:
    return [value for found, value in event.fields if found == name]


def _is_meant(expected: Answer, event: Answered) -> bool:
    """Whether the answer has the content that was expected, by its bytes or by its digest.

    The fields of other content say nothing of how fields are written.
    """
    if isinstance(expected.body, Body) and expected.body.size:
        return _body(expected.body, event) is None
    digest = next((one for one in expected.fields if one.name == _DIGEST), None)
    return digest is None or _field(digest, _values(event, _DIGEST)) is None


def _body(expected: Body | Document | None, event: Answered) -> str | None:
    if isinstance(expected, Body):
        if event.size != expected.size:
            return f"{event.size:,} bytes of body, not {expected.size:,}"
        return None if event.sha256 == expected.sha256 else "other bytes"
    return None if expected is None else _document(expected, event.start)


def _field(field: Field, values: Sequence[str]) -> str | None:
    if field.pattern is None:
        return f"{field.name} is there: {values[0]}" if values else None
    if not values:
        return f"{field.name} is missing" if field.is_required else None
    for value in values:
        if re.fullmatch(field.pattern, value, re.IGNORECASE) is None:
            return f"{field.name} is {value}"
    return None


def _document(expected: Document, start: bytes) -> str | None:
    try:
        found: Any = json.loads(start)
    except ValueError:
        return "a body that is no JSON"
    if not isinstance(found, dict):
        return "a body that is no JSON object"
    match expected.kind:
        case "errors":
            errors = found.get("errors")
            is_good = (
                isinstance(errors, list)
                and bool(errors)
                and all(
                    isinstance(one, dict)
                    and isinstance(one.get("code"), str)
                    and re.fullmatch("[A-Z_]+", one["code"])
                    for one in errors
                )
            )
            return None if is_good else "a body without errors that have a code"
        case "index":
            is_good = (
                isinstance(found.get("manifests"), list) and found.get("schemaVersion") == _SCHEMA
            )
            return None if is_good else "a body that is no image index"
        case "tags":
            tags = found.get("tags")
            is_good = isinstance(tags, list) and sorted(map(str, tags)) == sorted(expected.values)
            return None if is_good else f"tags {tags}"

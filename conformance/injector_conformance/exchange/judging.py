"""Judging an exchange: a pure function from steps and events to complaints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

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


def complaints(exchange: Exchange, service: Service) -> Iterator[tuple[str, str]]:
    """What is not as it should be, in words: what was expected, what was observed."""
    weighed: Weighed | None = None
    for place, event in service.events:
        step = exchange.steps[place]
        if isinstance(event, Weighed):
            yield from _heavier(step, weighed, event)
            weighed = event
            continue
        complaint = _complaint(step, event)
        if complaint is not None:
            yield words.expectation(step), complaint
            # What follows a broken step is about a connection that is not where it should be.
            return


def _complaint(step: Step, event: Event) -> str | None:  # noqa: PLR0911 - one for each event
    if isinstance(event, Fact):
        return None if event.holds else event.text
    if isinstance(event, Gathered):
        return _gathered(step, event) if isinstance(step, Together) else None
    if isinstance(event, Weighed):
        return None
    if isinstance(step, Again):
        expects = [one.expect for one in step.steps if isinstance(one, Ask | Read)]
        if isinstance(event, Unreachable) or not expects:
            return words.seen(event)
        fits = [_best(expect, event) for expect in expects]
        return None if None in fits else fits[-1]
    if isinstance(step, Ask | Read):
        return _best(step.expect, event)
    return words.seen(event)


def _best(expect: Sequence[Expected], event: Seen) -> str | None:
    """Why none of the alternatives holds; None if one does."""
    found = [_mismatch(one, event) for one in expect]
    return None if None in found else f"{words.seen(event)}: {found[0]}" if found[0] else None


def _gathered(step: Together, event: Gathered) -> str | None:
    for place, answer in enumerate(event.answers):
        expected = step.expect[min(place, len(step.expect) - 1)]
        reason = _mismatch(expected, answer)
        if reason is not None:
            return f"request {place + 1} of {len(event.answers)}: {words.seen(answer)}: {reason}"
    for probe in event.probes:
        if not isinstance(probe, Answered) or probe.status != HTTPStatus.OK:
            return f"beside them: {words.seen(probe)}"
    return None


def _heavier(step: Step, before: Weighed | None, now: Weighed) -> Iterator[tuple[str, str]]:
    if not isinstance(step, Weigh) or before is None:
        return
    if step.memory is not None and now.memory - before.memory > step.memory:
        text = f"{before.memory:,} bytes became {now.memory:,}"
        yield f"at most {step.memory:,} bytes more of memory", text
    if step.descriptors is not None and now.descriptors - before.descriptors > step.descriptors:
        text = f"{before.descriptors} descriptors became {now.descriptors}"
        yield f"at most {step.descriptors} descriptors more", text


def _mismatch(expected: Expected, event: Seen) -> str | None:
    """Why an event is not what was expected; None if it is."""
    match expected:
        case Answer():
            return _answer(expected, event)
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


def _answer(expected: Answer, event: Seen) -> str | None:  # noqa: PLR0911 - one reason each
    if not isinstance(event, Answered):
        return "no whole answer"
    if event.status not in expected.status:
        return f"another status than {words.status(expected.status)}"
    for field in expected.fields:
        reason = _field(field, [value for name, value in event.fields if name == field.name])
        if reason is not None:
            return reason
    if isinstance(expected.body, Body):
        if event.size != expected.body.size:
            return f"{event.size:,} bytes of body, not {expected.body.size:,}"
        if event.sha256 != expected.body.sha256:
            return "other bytes"
    elif isinstance(expected.body, Document):
        return _document(expected.body, event.start)
    return None


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

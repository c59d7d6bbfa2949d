"""Company: cases that one run of a subject that serves can answer, one after the other.

Hundreds of cases ask something of the same layout under ordinary conditions, and to start the
subject takes longer than to ask it. What they see together counts only if it is in order: whatever
is complained of is seen again in a run of its own. And whoever asks for a change is alone: what a
subject has been given, or has lost, would be an answer to the cases behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Argument, Case, Conditions, Serves
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.steps import Again, Ask, Lives, Open, Part, Read, Send, Step
from injector_conformance.observations.observation import Observation

MOST: Final = 16
"""Cases in a company: what the last one of them sees, the others have not disturbed."""

_CALM: Final = (Lives, Open, Part, Read)
"""Steps that leave a subject as it was."""

_SAFE: Final = (b"GET", b"HEAD", b"OPTIONS", b"TRACE")
"""Methods that ask for no change (RFC 9110, section 9.2.1)."""

_UNSAFE: Final = (b"DELETE ", b"PATCH ", b"POST ", b"PUT ")
"""How bytes begin that are a request for one, whatever else is wrong with them."""

_USUAL: Final = Conditions()
_ORDINARY: Final = Exchange()


def units(cases: Sequence[Case]) -> list[list[int]]:
    """The places of all cases, those of a company together, in the order of the first of each."""
    found: dict[object, list[list[int]]] = defaultdict(list)
    for place, case in enumerate(cases):
        key = _key(case) if is_sociable(case) else place
        groups = found[key]
        if not groups or len(groups[-1]) == MOST:
            groups.append([])
        groups[-1].append(place)
    return sorted(one for groups in found.values() for one in groups)


def is_sociable(case: Case) -> bool:
    """Whether a case asks and nothing else: of an ordinary start, at any time, in any order."""
    exchange = case.exchange
    return (
        case.expect == (Serves(),)
        and case.control is None
        and case.argument is Argument.MATCHING
        and case.conditions == _USUAL
        and not (case.is_control or case.is_measured or case.unsaid or case.machine)
        and bool(exchange.steps)
        and replace(exchange, steps=()) == _ORDINARY
        and all(map(_is_calm, exchange.steps))
    )


def _is_calm(step: Step) -> bool:
    """Whether a step leaves even a subject that does what it is asked to as it was."""
    match step:
        case Ask():
            return step.request.method in _SAFE
        case Send():
            return not step.data.startswith(_UNSAFE)
        case Again():
            return all(map(_is_calm, step.steps))
    return isinstance(step, _CALM)


def _key(case: Case) -> object:
    init = case.init()
    return init.sha256, tuple(init.entries)


def joined(cases: Sequence[Case]) -> Case:
    """The first case, with what the others ask behind it."""
    first, *others = cases
    further = tuple(one.exchange for one in others)
    return replace(first, exchange=replace(first.exchange, further=further))


def parted(cases: Iterable[Case], seen: Observation) -> Iterator[tuple[Case, Observation]]:
    """Each case with what was seen of it; none for those that it did not come to."""
    if seen.service is None:
        return
    services = (replace(seen.service, further=()), *seen.service.further)
    for case, service in zip(cases, services, strict=False):
        yield case, replace(seen, service=service)

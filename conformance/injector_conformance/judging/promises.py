"""Cases and verdicts under a profile: which promises a case is about, and which were broken there.

Cases are declared once, with the requirements of the profile that they were written for. Under
another one some of these are others, and some are nothing.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.judging import describe
from injector_conformance.judging.answers import complaints
from injector_conformance.judging.cause import Cause
from injector_conformance.judging.verdict import Broken
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.profiles import Profile
from injector_conformance.specification.requirement import Requirement
from injector_fixtures.tree import Regular

EARLY: Final = "LIFE-1"
FAILS_OR_SERVES: Final = "LIFE-2"
GOES_ON: Final = "LIFE-3"
SPECIAL_BITS: Final = "EXT-1"

UNIVERSAL: Final = (EARLY, FAILS_OR_SERVES, GOES_ON, SPECIAL_BITS)
"""Requirements that every run of a subject that serves is held to."""


def under(case: Case, profile: Profile, requirements: Mapping[str, Requirement]) -> Case | None:
    """The case as it is judged under a profile; None if it is about nothing there."""
    own = _promised(case.requirements, profile, requirements)
    if case.is_control:
        own = own or (FAILS_OR_SERVES,)
    if not own:
        return None
    control = case.control
    if control is not None:
        kept = _promised(control.requirements, profile, requirements)
        control = replace(control, requirements=kept or (FAILS_OR_SERVES,))
    return replace(case, requirements=own, control=control)


def translated(
    broken: Iterable[Broken], profile: Profile, requirements: Mapping[str, Requirement]
) -> Iterator[Broken]:
    """Broken promises in the terms of a profile; what it does not promise is left out."""
    for one in broken:
        for promise in _promised((one.requirement,), profile, requirements):
            yield replace(one, requirement=promise)


def _promised(
    ids: Iterable[str], profile: Profile, requirements: Mapping[str, Requirement]
) -> tuple[str, ...]:
    promises = dict.fromkeys(map(profile.promise, ids))
    return tuple(one for one in promises if profile.id in requirements[one].profiles)


def service_promises(case: Case, seen: Observation) -> Iterator[Broken]:
    """What a subject that serves has broken of the exchange, and of every run's promises."""
    service = seen.service
    if service is None:
        return
    if service.ready is None and service.early:
        text = ", ".join(service.early) + ", and never served"
        yield Broken(EARLY, "nothing is answered 2xx before it serves", text, Cause.ANSWER)
    if seen.outcome is Outcome.QUIT:
        wanted = "it serves, or fails"
        yield Broken(FAILS_OR_SERVES, wanted, describe.ending(seen), Cause.ENDED)
    if service.ready is not None:
        for one in complaints(case.exchange, service):
            # A field of an answer is wrong for one reason, whichever case has asked.
            own = (one.requirement,) if one.requirement else case.requirements
            for requirement in own:
                yield Broken(requirement, one.expected, one.observed, Cause.ANSWER)
        if service.has_ended and not service.was_told:
            text = f"it has ended, with status {seen.run.status}"
            yield Broken(GOES_ON, "it goes on serving", text, Cause.ENDED)
    special = [
        name
        for name, entry in seen.tree.items()
        if isinstance(entry, Regular) and entry.mode & (stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX)
    ]
    if special:
        text = ", ".join(map(describe.name, special))
        wanted = "no set-user-ID, set-group-ID or sticky bit on a file"
        yield Broken(SPECIAL_BITS, wanted, text, Cause.MODE)

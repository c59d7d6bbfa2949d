"""Which cases a mutant is judged by: all that can matter to it, and a sample of the others.

A choice depends on the mutant's name and on the catalogue, and on nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.judging import promises
from injector_conformance.judging.verdict import UNIVERSAL as IN_EVERY_RUN
from injector_conformance.run import catalogue
from injector_conformance.specification import spec
from mutants.registry import Mutant

UNIVERSAL: Final = frozenset((*IN_EVERY_RUN, *promises.UNIVERSAL))
"""Requirements that every run is held to, under one profile or another."""

HEAVY: Final = frozenset(("BOX-8", "RUN-10", "RUN-10a", "LIFE-9", "LIFE-10"))
"""Requirements about large payloads; no sample needs them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases of a mutant, in the order in which they are to be judged.

    Attributes:
        own: cases about the requirement that it breaks.
        also: for each requirement that it breaks beside, cases about that one only.
        others: cases about neither.
    """

    own: tuple[Case, ...]
    also: Mapping[str, tuple[Case, ...]]
    others: tuple[Case, ...]

    def with_first(self, ids: Iterable[str]) -> Selection:
        """The same cases, those with these ids in front.

        A case that is about the broken requirement may be the one that shows another one broken.
        """
        wanted = set(ids)
        known = [case for case in self.own if case.id in wanted]

        def ordered(cases: tuple[Case, ...]) -> tuple[Case, ...]:
            return tuple(sorted(cases, key=lambda case: case.id not in wanted))

        also = {
            one: ordered((*cases, *(case for case in known if one in case.requirements)))
            for one, cases in self.also.items()
        }
        return Selection(ordered(self.own), also, self.others)


def select(mutant: Mutant, cases: Iterable[Case]) -> Selection:
    """Everything that there is for a mutant, shuffled; whoever judges takes from the front."""
    judged = catalogue.under_profile(
        {case.id: case for case in cases}, spec.load(), mutant.profile
    )
    every = [case for case in judged.values() if not case.conditions.needs_container]
    own = list(_about(mutant.breaks, every))
    rest = [case for case in every if mutant.breaks not in case.requirements]
    light = [case for case in rest if HEAVY.isdisjoint(case.requirements)]
    also = {one: list(_about(one, rest if one in HEAVY else light)) for one in mutant.also}
    taken = {case.id for found in (own, *also.values()) for case in found}
    others = [case for case in light if case.id not in taken]
    return Selection(
        own=(
            *_shuffled(mutant, [case for case in own if mutant.breaks in case.requirements]),
            *_shuffled(mutant, [case for case in own if mutant.breaks not in case.requirements]),
        ),
        also={one: _shuffled(mutant, found) for one, found in also.items()},
        others=_shuffled(mutant, others),
    )


def _about(requirement: str, cases: Iterable[Case]) -> Iterator[Case]:
    """The cases that list a requirement; behind them its chapter's, if every run is held to it."""
    listing = [case for case in cases if requirement in case.requirements]
    yield from listing
    if requirement in UNIVERSAL:
        chapter = requirement.partition("-")[0]
        yield from (
            case
            for case in cases
            if case not in listing
            and HEAVY.isdisjoint(case.requirements)
            and any(one.partition("-")[0] == chapter for one in case.requirements)
        )


def _shuffled(mutant: Mutant, cases: list[Case]) -> tuple[Case, ...]:
    """The cases in an order that a new case does not change."""

    def place(case: Case) -> bytes:
        return hashlib.sha256(f"{mutant.name} {case.id}".encode()).digest()

    return tuple(sorted(cases, key=place))

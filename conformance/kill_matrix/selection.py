"""Which cases a mutant is judged by: all that can matter to it, and a sample of the others.

A choice depends on the mutant's name and on the catalogue, and on nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from injector_conformance.case import Case
from injector_conformance.verdict import UNIVERSAL
from mutants.registry import Mutant

HEAVY: Final = frozenset(("BOX-8", "RUN-10", "RUN-10a"))
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
        """The same cases, those with these ids in front."""
        wanted = set(ids)

        def ordered(cases: tuple[Case, ...]) -> tuple[Case, ...]:
            return tuple(sorted(cases, key=lambda case: case.id not in wanted))

        also = {one: ordered(cases) for one, cases in self.also.items()}
        return Selection(ordered(self.own), also, self.others)


def select(mutant: Mutant, cases: Iterable[Case]) -> Selection:
    """Everything that there is for a mutant, shuffled; whoever judges takes from the front."""
    every = list(cases)
    own = list(_about(mutant.breaks, every))
    taken = {case.id for case in own}
    rest = [case for case in every if case.id not in taken]
    also = {one: list(_about(one, rest)) for one in mutant.also}
    taken |= {case.id for found in also.values() for case in found}
    others = [
        case for case in rest if case.id not in taken and HEAVY.isdisjoint(case.requirements)
    ]
    return Selection(
        own=_shuffled(mutant, own),
        also={one: _shuffled(mutant, found) for one, found in also.items()},
        others=_shuffled(mutant, others),
    )


def _about(requirement: str, cases: Iterable[Case]) -> Iterator[Case]:
    """The cases that list a requirement; if it is watched in every run, its chapter's too."""
    chapter = requirement.partition("-")[0]
    for case in cases:
        if requirement in case.requirements or (
            requirement in UNIVERSAL
            and HEAVY.isdisjoint(case.requirements)
            and any(one.partition("-")[0] == chapter for one in case.requirements)
        ):
            yield case


def _shuffled(mutant: Mutant, cases: list[Case]) -> tuple[Case, ...]:
    seeded = random.Random(mutant.name)  # noqa: S311 - a choice of cases, no secret
    return tuple(seeded.sample(cases, len(cases)))

"""Comparing what was seen of a program with what is expected of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from injector_conformance.run import catalogue
from injector_conformance.specification.requirement import sort_key
from zookeeper.expectation import UNEXPLAINED, Accusation, Expectation, Flaw
from zookeeper.judging import Seen


@dataclass(frozen=True, slots=True)
class Differences:
    """What is not as expected.

    Attributes:
        new: accusations that nobody expects, with what was seen.
        vanished: those that were expected and are gone, with the flaw.
        moved: by case, the requirements that are gone and those that came instead.
        silenced: cases that say nothing any more, because a positive control or a witness fails.
        heard: cases that were expected to say nothing, and do.
    """

    new: dict[Accusation, str]
    vanished: dict[Accusation, Flaw]
    moved: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    silenced: frozenset[str]
    heard: frozenset[str]

    def lines(self) -> Iterator[str]:
        """The differences in words."""
        for case, (gone, come) in sorted(self.moved.items()):
            yield f"moved     {case}: from {', '.join(gone)} to {', '.join(come)}"
        for requirement, case in sorted(self.new, key=_order):
            if case not in self.moved:
                yield f"new       {requirement:8} {case}: {self.new[requirement, case]}"
        for requirement, case in sorted(self.vanished, key=_order):
            if case not in self.moved:
                flaw = self.vanished[requirement, case].name
                yield f"vanished  {requirement:8} {case} (flaw {flaw})"
        for case in sorted(self.silenced):
            yield f"silenced  {case}: inconclusive, its positive control or a witness fails"
        for case in sorted(self.heard):
            yield f"heard     {case}: no longer inconclusive"


def compare(expectation: Expectation, seen: Seen) -> Differences:
    """What is not as expected, in the cases that were judged.

    A case whose expected accusations vanished while others came has moved. What is expected
    sometimes is as expected either way, and so is what it silences.
    """
    judged = seen.cases - seen.unjudged.keys()
    expected = {one: flaw for one, flaw in expectation.accused().items() if one[1] in judged}
    maybe = expectation.sometimes()
    new = {
        one: text for one, text in seen.accused.items() if one not in expected and one not in maybe
    }
    vanished = {one: flaw for one, flaw in expected.items() if one not in seen.accused}
    moved = {}
    for case in {case for _, case in new} & {case for _, case in vanished}:
        gone = tuple(sorted((one for one, other in vanished if other == case), key=sort_key))
        come = tuple(sorted((one for one, other in new if other == case), key=sort_key))
        moved[case] = (gone, come)
    silent = frozenset(expectation.inconclusive()) & judged
    slow = {case for _, case in maybe}
    silenced = frozenset(one for one in seen.inconclusive - silent if _control_of(one) not in slow)
    return Differences(new, vanished, moved, silenced, silent - seen.inconclusive)


def renewed(expectation: Expectation, seen: Seen) -> Expectation:
    """The expectation that ``seen`` meets, with every explanation that is still of use.

    An accusation that is new goes to the flaw that its case stood under, if it was one; else to a
    flaw that says nothing yet.
    """
    found = compare(expectation, seen)
    flaws = {flaw.name: flaw for flaw in expectation.flaws}
    accuses = {
        flaw.name: {one: set(cases) for one, cases in flaw.accuses.items()}
        for flaw in expectation.flaws
    }
    homes: dict[str, set[str]] = {}
    for (_, case), flaw in expectation.accused().items():
        homes.setdefault(case, set()).add(flaw.name)
    for (requirement, case), flaw in found.vanished.items():
        accuses[flaw.name][requirement].discard(case)
    for requirement, case in found.new:
        home = homes.get(case, set())
        name = next(iter(home)) if len(home) == 1 else UNEXPLAINED
        flaws.setdefault(name, Flaw(name, "", ""))
        accuses.setdefault(name, {}).setdefault(requirement, set()).add(case)
    silent = {name: set(flaw.inconclusive) - found.heard for name, flaw in flaws.items()}
    for case in found.silenced:
        # A flaw stands in a case's way where the case's control is accused for it.
        control = _control_of(case)
        blamed = [name for name, own in accuses.items() if _accused(own, control)]
        name = blamed[0] if blamed else UNEXPLAINED
        flaws.setdefault(name, Flaw(name, "", ""))
        silent.setdefault(name, set()).add(case)
    kept = []
    for name, flaw in flaws.items():
        cases = accuses.get(name, {})
        own = {one: tuple(sorted(ids)) for one, ids in cases.items() if ids}
        inconclusive = tuple(sorted(silent.get(name, ())))
        if own or inconclusive or flaw.sometimes:
            because = flaw.because if len(own.keys() | flaw.sometimes.keys()) > 1 else ""
            kept.append(replace(flaw, accuses=own, because=because, inconclusive=inconclusive))
    return replace(expectation, flaws=tuple(kept))


def _control_of(case: str) -> str:
    """The id of a case's positive control; empty if it has none."""
    known = catalogue.load().get(case)
    return known.control.id if known and known.control else ""


def _accused(accuses: Mapping[str, Collection[str]], case: str) -> bool:
    return any(case in cases for cases in accuses.values())


def _order(one: Accusation) -> tuple[object, str]:
    return sort_key(one[0]), one[1]

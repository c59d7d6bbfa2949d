"""The baselines of historic builds: what is expected of their stand-ins, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.run import baseline, catalogue
from injector_conformance.run.baseline import Accepted, Baseline
from injector_conformance.run.result import Status, summarize
from injector_conformance.sessions.session import CaseResult
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level, sort_key
from zookeeper.expectation import Expectation
from zookeeper.programs import EVERY

_HEAD: Final = """\
# Accepted deviations of {title}.
#
# Made from what the zoo's run of it is expected to show (fixtures/zoo), by
# `make zoo ARGS=--documents`. SPEC.md has the record, "Known deviations of historic builds".
"""

WHOLE: Final = 50
"""From so many cases on a requirement is accepted as a whole, if one flaw is all its trouble."""


def accepted(known: Expectation) -> tuple[Accepted, ...]:
    """The deviations that a build is accepted with: an entry per flaw and requirement."""
    found: dict[tuple[str, str], set[str]] = {}
    for flaw in known.flaws:
        for requirement, cases in flaw.accuses.items():
            found.setdefault((requirement, flaw.name), set()).update(cases)
        for case in flaw.inconclusive:
            for requirement in catalogue.load()[case].requirements:
                found.setdefault((requirement, flaw.name), set()).add(case)
    flaws = {flaw.name: flaw for flaw in known.flaws}
    entries = [
        (name, Accepted(requirement, _named(requirement, cases, found), flaws[name].says))
        for (requirement, name), cases in found.items()
    ]
    for name, flaw in flaws.items():
        reason = f"{flaw.says} {flaw.depends}"
        chances = {one: set(cases) for one, cases in flaw.sometimes.items()}
        for held in _held_against(set().union(*chances.values())):
            for requirement in held.requirements:
                chances.setdefault(requirement, set()).add(held.id)
        for requirement, some in chances.items():
            named = tuple(sorted(some))
            entries.append((name, Accepted(requirement, named, reason, sometimes=True)))
    entries.sort(key=lambda one: (sort_key(one[1].requirement), one[0], one[1].sometimes))
    return tuple(entry for _, entry in entries)


def _held_against(controls: Collection[str]) -> Iterator[Case]:
    """The cases that say nothing where one of these positive controls does not complete."""
    for case in catalogue.load().values():
        if case.control is not None and case.control.id in controls:
            yield case


def _named(
    requirement: str, cases: set[str], found: dict[tuple[str, str], set[str]]
) -> tuple[str, ...]:
    """The cases of an entry; none, if it accepts the requirement as a whole."""
    alone = sum(one == requirement for one, _ in found) == 1
    return () if alone and len(cases) >= WHOLE else tuple(sorted(cases))


def problems(
    known: Expectation, results: Sequence[CaseResult], *, is_narrowed: bool
) -> Iterator[str]:
    """What a run shows that its baseline does not accept, or accepts in vain."""
    own = Baseline(f"{known.program}.toml", accepted(known))
    specification = spec.load()
    everything = frozenset(specification.requirements)
    summary = summarize(
        results,
        specification,
        baseline=own,
        is_narrowed=is_narrowed,
        partly=everything if is_narrowed else (),
    )
    for one in summary.requirements:
        level = one.requirement.level
        if one.status is Status.FAILED and level.is_at_least(Level.MUST):
            yield f"{one.requirement.id} {level} is broken, and its baseline does not accept it"
        if one.status is Status.UNEXPECTED_PASS:
            stale = [case.case.id for case, status in one.cases if status is one.status]
            yield f"{one.requirement.id}: stale in its baseline: {', '.join(stale) or 'all of it'}"


def write(path: Path, known: Expectation) -> None:
    """Write a build's baseline."""
    path.write_text(_HEAD.format(title=EVERY[known.program].title), encoding="utf-8")
    baseline.write(path, accepted(known))

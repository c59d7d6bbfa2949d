"""What became of one mutant, and what is wrong about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from injector_conformance.specification.requirement import sort_key
from mutants.registry import Mutant

CASES_NAMED: Final = 6
"""Cases that a row names; there may be dozens."""

_PROGRAMS: Final = ("stubs", "unified_stubs")
"""The modules of mutants that are programs of their own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix.

    Attributes:
        mutant: its name.
        breaks: the requirement that it is meant to break.
        flaw: what it does wrong.
        module: the file of ``fixtures/mutants`` that it is in.
        also: requirements that it is known to break beside, with the reasons.
        judged: number of cases that it was judged by.
        kills: number of cases in which it broke that requirement.
        killed_by: ids of some of them.
        shared: other requirements that it broke only in cases in which it broke its own, too.
        collateral: other requirements that it broke in cases of their own, with ids of some.
    """

    mutant: str
    breaks: str
    flaw: str
    module: str
    also: dict[str, str]
    judged: int
    kills: int
    killed_by: tuple[str, ...]
    shared: tuple[str, ...]
    collateral: dict[str, tuple[str, ...]]

    @property
    def is_program(self) -> bool:
        """Whether it is a program of its own, which may break anything."""
        return self.module in _PROGRAMS

    @property
    def known_cases(self) -> tuple[str, ...]:
        """Ids of cases that have shown what the mutant breaks."""
        return (*self.killed_by, *(case for cases in self.collateral.values() for case in cases))

    def problems(self) -> Iterator[str]:
        """What does not hold of this mutant; nothing, if it proves what it should."""
        if not self.kills:
            yield (
                f"{self.mutant} survives: no case of {self.breaks} notices that it"
                f" {self.flaw[:1].lower()}{self.flaw[1:]}"
            )
        if self.is_program:
            return
        for requirement, cases in self.collateral.items():
            if requirement not in self.also:
                yield (
                    f"{self.mutant} also breaks {requirement}, in {cases[0]}: make its flaw"
                    " narrower, or declare it with the reason"
                )
        for requirement in self.also:
            if requirement not in self.collateral:
                yield f"{self.mutant} declares to break {requirement} too, and does not"


def row_of(mutant: Mutant, judged: int, broken: Mapping[str, Collection[str]]) -> Row:
    """A row from the requirements that were broken.

    Args:
        mutant: who broke them.
        judged: number of cases.
        broken: by requirement, the ids of the cases.
    """
    own = frozenset(broken.get(mutant.breaks, ()))
    others = [one for one in sorted(broken, key=sort_key) if one != mutant.breaks]
    collateral = {one: sorted(set(broken[one]) - own) for one in others}
    return Row(
        mutant=mutant.name,
        breaks=mutant.breaks,
        flaw=mutant.flaw,
        module=mutant.module,
        also=dict(mutant.also),
        judged=judged,
        kills=len(own),
        killed_by=tuple(sorted(own)[:CASES_NAMED]),
        shared=tuple(one for one, cases in collateral.items() if not cases),
        collateral={one: tuple(cases[:CASES_NAMED]) for one, cases in collateral.items() if cases},
    )


def row_from(document: Mapping[str, Any]) -> Row:
    """A row from its JSON form.

    Raises:
        KeyError, TypeError: it is none.
    """
    fields = dict(document)
    fields["killed_by"] = tuple(fields["killed_by"])
    fields["shared"] = tuple(fields["shared"])
    fields["collateral"] = {one: tuple(cases) for one, cases in fields["collateral"].items()}
    return Row(**fields)

"""What the cases of this chapter share: the places to attack, and the form of an attack.

The canary tree of :mod:`injector_conformance.stages.stage` lies beside the output directory, where
``../canary`` and ``/canary`` reach it. Every attack aims at something that exists there, or next
to it, and would succeed with an extractor that does what the archive says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.recipes import Named, archived, control, fails_or
from injector_fixtures import tar

DATA: Final = b"from the archive\n"
"""What the attacks write; no canary has this content."""

AFTER: Final = tar.file(b"after", b"after\n")
"""An ordinary member behind the attack: what is left when the attack is skipped."""

ONLY_AFTER: Final[Named] = {b"after": b"after\n"}

Member = Callable[[bytes], bytes]
"""Makes the member of an attack from a name: the outside one, or a harmless one."""


def file(name: bytes) -> bytes:
    """A regular file with :data:`DATA` in it."""
    return tar.file(name, DATA)


def attack(
    case_id: str,
    title: str,
    *members: bytes,
    why: str,
    origin: str,
    requirements: tuple[str, ...],
    harmless: tuple[bytes, ...],
    becomes: Named,
    expect: tuple[Expectation, ...] | None = None,
    others: str = "",
) -> Case:
    """A case that fails, unless ``expect`` allows more.

    Args:
        case_id: as :attr:`Case.id`.
        title: as :attr:`Case.title`.
        members: the archive; :data:`AFTER` is added to it.
        why: as :attr:`Case.why`.
        origin: as :attr:`Case.origin`.
        requirements: as :attr:`Case.requirements`.
        harmless: the members of the positive control.
        becomes: what the positive control leaves.
        expect: what is allowed, if it is more than to fail.
        others: as :attr:`Case.others`.
    """
    return Case(
        id=case_id,
        title=title,
        why=why,
        origin=origin,
        requirements=requirements,
        init=archived(*members, AFTER),
        expect=fails_or() if expect is None else expect,
        control=control({**becomes, **ONLY_AFTER}, *harmless, AFTER),
        others=others,
    )

"""The mutants of profile ``unified``: there is one for everything that it demands."""

from __future__ import annotations

from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level
from mutants import registry

CHAPTERS = {"ARG", "EXT", "NAMES", "HTTP", "LIFE"}
MUTANTS = registry.every("unified")


def test_every_requirement_that_binds_is_broken_by_a_mutant() -> None:
    binding = {
        one.id
        for one in spec.load().requirements.values()
        if one.chapter in CHAPTERS and one.level is not Level.MAY
    }

    assert binding
    assert binding - {one.breaks for one in MUTANTS} == set()


def test_what_a_mutant_breaks_is_demanded_of_its_profile() -> None:
    known = spec.load().requirements

    assert [one.name for one in MUTANTS if "unified" not in known[one.breaks].profiles] == []
    assert {one.profile for one in MUTANTS} == {"unified"}

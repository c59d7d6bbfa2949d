"""What ``list --json`` and ``explain --json`` print: chapters, requirements and cases as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from injector_conformance.cases.case import Argument, Case, Check, Conditions
from injector_conformance.judging import describe
from injector_conformance.specification.requirement import Requirement
from injector_conformance.specification.spec import Specification

Plain = dict[str, Any]


def listing(cases: Iterable[Case]) -> Plain:
    """Cases as ``list`` lists them."""
    return {
        "kind": "cases",
        "cases": [
            {"id": one.id, "requirements": list(one.requirements), "title": one.title}
            for one in cases
        ],
    }


def chapter(name: str, specification: Specification) -> Plain:
    """A chapter and the requirements in it."""
    return {
        "kind": "chapter",
        "id": name,
        "title": specification.chapters[name],
        "requirements": [
            {"id": one.id, "level": one.level.value, "statement": one.statement}
            for one in specification.requirements.values()
            if one.chapter == name
        ],
    }


def requirement(one: Requirement, checks: Iterable[Check]) -> Plain:
    """A requirement and the cases that are about it."""
    return {
        "kind": "requirement",
        "id": one.id,
        "level": one.level.value,
        "profiles": list(one.profiles),
        "scope": one.scope.value if one.scope else None,
        "statement": one.statement,
        "why": one.why,
        "source": one.source,
        "others": one.others,
        "cases": [check.id for check in checks if one.id in check.requirements],
    }


def check(one: Check) -> Plain:
    """A check of the binary, or what a case has in common with it."""
    return {
        "kind": "check",
        "id": one.id,
        "title": one.title,
        "requirements": list(one.requirements),
        "why": one.why,
        "origin": one.origin,
    }


def case(one: Case) -> Plain:
    """A case without its payload; ``export`` has its trees."""
    usual = Conditions()
    argument = one.argument
    return {
        **check(one),
        "kind": "case",
        "others": one.others,
        "argument": argument.name.lower() if isinstance(argument, Argument) else repr(argument),
        "conditions": {
            name: repr(getattr(one.conditions, name))
            for name in Conditions.__dataclass_fields__
            if getattr(one.conditions, name) != getattr(usual, name)
        },
        "expected": describe.alternatives(one.expect),
        "control": one.control.id if one.control is not None else None,
    }

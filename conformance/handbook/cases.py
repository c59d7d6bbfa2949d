"""The list of cases as Markdown, requirement by requirement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from injector_conformance.cases.case import Check
from injector_conformance.judging.verdict import UNIVERSAL
from injector_conformance.specification.requirement import Requirement
from injector_conformance.specification.spec import Specification

_HEAD = """\
# The cases

Made by `make site`; do not edit.

{cases:,} cases, by the requirements that they are about; a case of several is listed under each.
`injector-conformance explain ID` tells all of a case, `injector-conformance export ID DIR` writes
it as files. An origin is where the flaw was seen: a CVE, a section of a standard, or the number of
an entry in the catalogue of archives that extractors get wrong.
"""


def render(specification: Specification, checks: Iterable[Check]) -> str:
    """The whole page."""
    listed = list(checks)
    return "\n".join([_HEAD.format(cases=len(listed)), *_lines(specification, listed)])


def _lines(specification: Specification, checks: list[Check]) -> Iterator[str]:
    for chapter, title in specification.chapters.items():
        yield f"## {chapter}: {title}\n"
        for requirement in specification.requirements.values():
            if requirement.chapter == chapter:
                own = [one for one in checks if requirement.id in one.requirements]
                yield from _section(requirement, own)


def _section(requirement: Requirement, checks: list[Check]) -> Iterator[str]:
    yield f"### {requirement.id}\n"
    yield f"{requirement.level} · [in the specification]({_address(requirement)})\n"
    yield f"{requirement.statement}\n"
    if requirement.id in UNIVERSAL:
        yield "It is judged on every run of every case.\n"
    if not checks:
        return
    yield "| case | what it is | origin |"
    yield "| --- | --- | --- |"
    for one in checks:
        yield f"| `{one.id}` | {_cell(one.title)} | {_cell(one.origin)} |"
    yield ""


def _address(requirement: Requirement) -> str:
    """Where the requirement stands in SPEC.md: the address that a heading gets."""
    scope = [requirement.scope] if requirement.scope else []
    parts = [requirement.id, requirement.level, ", ".join(requirement.profiles), *scope]
    kept = re.sub(r"[^\w\s-]", "", " · ".join(parts).lower())
    return f"../reference/SPEC.md#{kept.replace(' ', '-')}"


def _cell(text: str) -> str:
    """Text that stays in its cell and is shown as it is."""
    one_line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", one_line).replace("&", "&amp;")

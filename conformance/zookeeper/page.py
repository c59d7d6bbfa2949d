"""The zoo as Markdown: who extracts tar archives how, from what is expected of each program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from injector_conformance.specification.requirement import Requirement
from injector_conformance.specification.spec import Specification
from zookeeper.expectation import Expectation, Flaw
from zookeeper.programs import EVERY

_HEAD: Final = """\
# Who extracts tar archives how

Made from the expectations in `fixtures/zoo/expected`; do not edit.

The suite was proved on [mutants](kill-matrix.md), which have one flaw each. Here it meets programs
that people use: thin injectors around real extractors, each called in the way that its manual
shows first. They were not made to be injectors, and a requirement that one of them does not keep
is no fault where the program has another task; what each does, and who is right, stands beside it.
`make zoo` judges all of them, and fails if one is seen to do anything else.

| program | what it is | version | flaws | requirements |
| --- | --- | --- | --- | --- |
"""

_ALIKE: Final = """
## Requirements and programs

The number of cases in which a program does not keep a requirement. Nobody has to keep a MAY; it is
not listed. What all programs keep is not listed either.

"""


def render(expectations: Sequence[Expectation], specification: Specification) -> str:
    """The whole page."""
    return "".join(
        [
            _HEAD,
            *(_overview(one) for one in expectations),
            _ALIKE,
            *_matrix(expectations, specification),
            *(line for one in expectations for line in _program(one)),
        ]
    )


def _overview(one: Expectation) -> str:
    title = EVERY[one.program].title
    broken = {requirement for requirement, _ in one.accused()}
    link = f"[{one.program}](#{_anchor(one.program)})"
    versions = " or ".join(one.versions)
    return f"| {link} | {title} | {versions} | {len(one.flaws)} | {len(broken)} |\n"


def _matrix(expectations: Sequence[Expectation], specification: Specification) -> Iterator[str]:
    names = [one.program for one in expectations]
    yield f"| requirement | level | {' | '.join(names)} |\n"
    yield f"| --- | --- |{' ---: |' * len(names)}\n"
    for requirement in specification.requirements.values():
        counts = [_count(one, requirement) for one in expectations]
        if any(counts):
            cells = " | ".join(str(count) if count else "" for count in counts)
            yield f"| {requirement.id} | {requirement.level} | {cells} |\n"


def _count(one: Expectation, requirement: Requirement) -> int:
    return sum(found == requirement.id for found, _ in one.accused())


def _program(one: Expectation) -> Iterator[str]:
    yield f"\n## {one.program}\n\n{EVERY[one.program].title}.\n\n"
    if not one.flaws:
        yield "It keeps every requirement that it was judged by.\n"
        return
    yield "| flaw | what it does | who is right | requirements | cases |\n"
    yield "| --- | --- | --- | --- | ---: |\n"
    for flaw in one.flaws:
        words = [flaw.name.replace("-", " "), flaw.says, flaw.right, _blamed(flaw)]
        yield f"| {' | '.join(map(_cell, words))} | {_cases(flaw)} |\n"


def _blamed(flaw: Flaw) -> str:
    blamed = ", ".join(flaw.blamed())
    return f"{blamed}: {flaw.because}" if flaw.because else blamed


def _cases(flaw: Flaw) -> str:
    """How many cases show a flaw, those that show it sometimes apart."""
    always, sometimes = (
        len({case for cases in one.values() for case in cases})
        for one in (flaw.accuses, flaw.sometimes)
    )
    return f"{always}, sometimes {always + sometimes}" if sometimes else f"{always}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w-]", "", heading.lower())


def _cell(text: str) -> str:
    """Text that stays in its cell and is shown as it is."""
    one_line = " ".join(text.split())
    return re.sub(r"([*_{}\[\]<>#|~])", r"\\\1", one_line)

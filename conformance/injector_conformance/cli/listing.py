"""``injector-conformance list`` and ``explain``: look up cases and requirements."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from typing import Final

from injector_conformance import binary, catalogue, describe, spec
from injector_conformance.case import Argument, Case, Check, Conditions
from injector_conformance.cli import options
from injector_conformance.exchange import PLAIN
from injector_conformance.exchange import words as step_words
from injector_conformance.profiles import judging
from injector_conformance.requirement import Requirement
from injector_conformance.verdict import UNIVERSAL

_WIDTH = 96


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both subcommands."""
    parser = subparsers.add_parser(
        "list", help="list the cases", description="List cases: id, requirements, title."
    )
    options.add_selection(parser)
    parser.set_defaults(run=run_list)
    parser = subparsers.add_parser(
        "explain",
        help="explain a requirement or a case",
        description="Explain a requirement (TAR-3) or a case (tar-size-pax-over-zero).",
    )
    parser.add_argument("id", metavar="ID", help="requirement or case")
    parser.set_defaults(run=run_explain)


def run_list(arguments: argparse.Namespace) -> int:
    """Print a line per case."""
    cases = catalogue.select(
        catalogue.load(),
        spec.load(),
        ids=arguments.case,
        requirements=arguments.requirement,
        profile=arguments.profile,
    )
    widths = [
        max(len(case.id) for case in cases),
        max(len(" ".join(case.requirements)) for case in cases),
    ]
    for case in cases:
        requirements = " ".join(case.requirements)
        print(f"{case.id.ljust(widths[0])}  {requirements.ljust(widths[1])}  {case.title}")
    return 0


def run_explain(arguments: argparse.Namespace) -> int:
    """Print all that is known of one id."""
    specification, cases = spec.load(), catalogue.load()
    requirement = specification.requirements.get(arguments.id)
    if requirement is not None:
        checks: list[Check] = [*cases.values(), *binary.CHECKS.values()]
        lines = _requirement(requirement, checks)
    elif arguments.id in cases:
        lines = _case(cases[arguments.id])
    else:
        known = [*specification.requirements, *cases]
        hint = catalogue.suggestion(arguments.id, known)
        raise catalogue.SelectionError(f"no requirement or case {arguments.id}{hint}")
    for line in lines:
        print(line)
    return 0


def _requirement(one: Requirement, checks: list[Check]) -> Iterator[str]:
    scope = f" · {one.scope}" if one.scope else ""
    yield f"{one.id} · {one.level} · {', '.join(one.profiles)}{scope}"
    yield from _paragraph("", one.statement)
    yield ""
    yield from _paragraph("why", one.why)
    yield from _paragraph("source", one.source)
    if one.others:
        yield from _paragraph("others", one.others)
    yield ""
    if one.id in (*UNIVERSAL, *judging.UNIVERSAL):
        yield "judged on every run; cases of its own:"
    else:
        yield "cases:"
    for check in checks:
        if one.id in check.requirements:
            yield f"  {check.id}  {check.title}"


_ARGUMENTS: Final = {
    Argument.MATCHING: "the payload's SHA-256",
    Argument.NONE: "none; the payload's SHA-256 under a profile that demands one",
    Argument.ABSENT: "none",
}


def _case(one: Case) -> Iterator[str]:
    yield f"{one.id} · {', '.join(one.requirements)}"
    yield from _paragraph("", one.title)
    yield ""
    yield from _paragraph("why", one.why)
    yield from _paragraph("origin", one.origin)
    if one.others:
        yield from _paragraph("others", one.others)
    argument = one.argument
    words = _ARGUMENTS[argument] if isinstance(argument, Argument) else repr(argument)
    yield from _paragraph("argument", words)
    if one.conditions != Conditions():
        changed = (
            f"{name}={getattr(one.conditions, name)!r}"
            for name in Conditions.__dataclass_fields__
            if getattr(one.conditions, name) != getattr(Conditions(), name)
        )
        yield from _paragraph("conditions", ", ".join(changed))
    address = one.exchange.address
    if address != PLAIN.address:
        yield from _paragraph("asked at", f"{address.host}, {address.port}")
    for label, steps in (("before", one.exchange.before), ("exchange", one.exchange.steps)):
        for number, step in enumerate(steps):
            yield from _paragraph(label if number == 0 else " ", step_words.describe(step))
    for request in one.exchange.eager:
        yield from _paragraph("eager", step_words.request(request))
    allowed = " or ".join(describe.expectation(expected) for expected in one.expect)
    yield from _paragraph("expected", allowed)
    if one.control is not None:
        yield from _paragraph("control", f"completed, tree: {describe.tree(one.control.tree)}")


def _paragraph(label: str, text: str) -> Iterator[str]:
    first = f"{label.ljust(10)} " if label else ""
    later = " " * len(first)
    yield from textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later)

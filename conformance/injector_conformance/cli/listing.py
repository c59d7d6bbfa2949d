"""``injector-conformance list`` and ``explain``: look up cases and requirements."""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from injector_conformance.cases.case import Argument, Case, Check, Conditions
from injector_conformance.cli import options, payload, plain
from injector_conformance.exchange import PLAIN
from injector_conformance.exchange import words as step_words
from injector_conformance.judging import describe, promises
from injector_conformance.judging.verdict import UNIVERSAL
from injector_conformance.run import binary, catalogue
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Requirement
from injector_conformance.specification.spec import Specification

_WIDEST: Final = 96
"""Columns that a line has where the terminal has more."""

_NARROWEST: Final = 20
"""Columns that text has beside its label, however narrow the terminal."""

_JSON_HELP: Final = "print JSON (injector-conformance schema lookup)"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both subcommands."""
    parser = subparsers.add_parser(
        "list", help="list the cases", description="List cases: id, requirements, title."
    )
    options.add_selection(parser)
    options.add_skip(parser)
    parser.add_argument("--json", action="store_true", help=_JSON_HELP)
    parser.set_defaults(run=run_list)
    parser = subparsers.add_parser(
        "explain",
        help="explain a chapter, a requirement or a case",
        description="Explain a chapter (TAR), a requirement (TAR-3) or a case"
        " (tar-size-pax-over-zero), and of a case what its payload is made of.",
    )
    parser.add_argument("id", metavar="ID", help="chapter, requirement or case")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help=_JSON_HELP)
    forms.add_argument(
        "-x",
        "--hexdump",
        action="store_true",
        help="of a case: also dump its archive, or its payload if that is no gzip stream",
    )
    parser.set_defaults(run=run_explain)


def run_list(arguments: argparse.Namespace) -> int:
    """Print a line per case."""
    specification, every = spec.load(), catalogue.load()
    names = [*every, *(one.id for one in binary.CHECKS.values())]
    catalogue.check_skips(arguments.skip, names, specification)
    cases = catalogue.select(
        every,
        specification,
        ids=arguments.case,
        requirements=arguments.requirement,
        skip=arguments.skip,
        profile=arguments.profile,
    )
    if arguments.json:
        _print_json(plain.listing(cases))
        return 0
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
    checks: list[Check] = [*cases.values(), *binary.CHECKS.values()]
    name = _known(arguments.id, specification, checks)
    if arguments.hexdump and name not in cases:
        raise catalogue.SelectionError(
            f"--hexdump: {name} is no case and has no payload; explain {name} names"
            " what belongs to it"
        )
    if name in specification.requirements:
        requirement = specification.requirements[name]
        found = plain.requirement(requirement, checks)
        lines = _requirement(requirement, checks)
    elif name in specification.chapters:
        found = plain.chapter(name, specification)
        lines = _chapter(name, specification)
    elif name in cases:
        made = payload.look(cases[name])
        found = {**plain.case(cases[name]), "payload": payload.plain(made)}
        lines = _case(cases[name], made, is_dumped=arguments.hexdump)
    else:
        check = next(one for one in checks if one.id == name)
        found = plain.check(check)
        lines = _check(check)
    if arguments.json:
        _print_json(found)
    else:
        for line in lines:
            print(line)
    return 0


def _known(word: str, specification: Specification, checks: Sequence[Check]) -> str:
    """A chapter, requirement or check by the id that it has, however the user spells it.

    Raises:
        SelectionError: there is none.
    """
    ids = [*specification.requirements, *specification.chapters, *(one.id for one in checks)]
    for one in ids:
        if one.lower() == word.lower():
            return one
    hint = catalogue.suggestion(word, ids)
    raise catalogue.SelectionError(f"no chapter, requirement or case {word}{hint}")


def _print_json(content: object) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False))


def _chapter(name: str, specification: Specification) -> Iterator[str]:
    yield f"{name} · {specification.chapters[name]}"
    yield ""
    for one in specification.requirements.values():
        if one.chapter == name:
            yield from _paragraph(f"{one.id.ljust(9)} {one.level.ljust(6)}", one.statement)


def _check(one: Check) -> Iterator[str]:
    yield f"{one.id} · {', '.join(one.requirements)}"
    yield from _paragraph("", one.title)
    yield ""
    yield from _paragraph("why", one.why)
    yield from _paragraph("origin", one.origin)


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
    if one.id in (*UNIVERSAL, *promises.UNIVERSAL):
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


def _case(one: Case, made: payload.Payload, *, is_dumped: bool) -> Iterator[str]:
    yield from _check(one)
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
    allowed = " or ".join(describe.alternatives(one.expect))
    yield from _paragraph("expected", allowed)
    if one.control is not None:
        yield from _paragraph("control", f"completed, tree: {describe.tree(one.control.tree)}")
    yield ""
    yield from payload.lines(made)
    if is_dumped:
        yield ""
        yield from payload.dump(made)


def _paragraph(label: str, text: str) -> Iterator[str]:
    first = f"{label.ljust(10)} " if label else ""
    later = " " * len(first)
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    # A terminal that is too narrow for a column beside the label gets a few words all the same.
    width = max(width, len(first) + _NARROWEST)
    yield from textwrap.wrap(text, width, initial_indent=first, subsequent_indent=later)

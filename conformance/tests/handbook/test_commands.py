"""Every command that a document shows is understood: options, case ids, targets of make."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from injector_conformance import cli
from injector_conformance.cli.parser import parsed
from injector_conformance.run import catalogue
from injector_conformance.specification import spec

TOP = Path(__file__).resolve().parents[3]
GENERATED = {"cases.md", "kill-matrix.md", "zoo.md"}
DOCUMENTS = [
    TOP / "README.md",
    TOP / "CONTRIBUTING.md",
    TOP / "benchmarks" / "README.md",
    *sorted((TOP / "reference").glob("**/*.md")),
    *(one for one in sorted((TOP / "docs").glob("*.md")) if one.name not in GENERATED),
]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
PROGRAM = "injector-conformance"
OPTIONAL = re.compile(r"\[([^\]]*)\]")
DEFINED = set(re.findall(r"(?m)^([a-z-]+):", (TOP / "Makefile").read_text()))


def shown(path: Path) -> Iterator[str]:
    """What a document has its reader type, a line each; … before an option is the program."""
    text = path.read_text(encoding="utf-8")
    for block in CONSOLE.findall(text):
        joined = block.replace("\\\n", " ")
        yield from (line[2:] for line in joined.splitlines() if line.startswith("$ "))
    for code in INLINE.findall(CONSOLE.sub("", text)):
        if code.startswith(("… check", f"{PROGRAM} ", "make ")):
            yield code.replace("…", PROGRAM, 1) if code.startswith("…") else code


def lines(start: str) -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(TOP)), line)
        for path in DOCUMENTS
        for line in dict.fromkeys(shown(path))
        if line.startswith(start)
    ]


@pytest.mark.parametrize(("document", "line"), lines(f"{PROGRAM} "))
def test_the_program_understands_it(document: str, line: str) -> None:
    words = shlex.split(OPTIONAL.sub(r"\1", line).replace("…", ""))[1:]
    parser, commands = cli._parser()

    arguments = parsed(parser, commands, words)

    cases, known = catalogue.load(), spec.load()
    for one in getattr(arguments, "case", None) or ():
        assert catalogue.matching(cases, one), document
    for one in getattr(arguments, "requirement", None) or ():
        assert catalogue.spelled(one, known), document


@pytest.mark.parametrize(("document", "line"), lines("make "))
def test_make_knows_it(document: str, line: str) -> None:
    targets = [
        one
        for one in shlex.split(line.partition("#")[0])[1:]
        if "=" not in one and not one.startswith("-")
    ]

    assert {one for one in targets if one.islower()} <= DEFINED, document


def test_documents_show_commands() -> None:
    assert len(lines(f"{PROGRAM} ")) > 40
    assert len(lines("make ")) > 15

"""Every command that a document shows is understood: options, case ids, targets of make."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from injector_conformance import cli
from injector_conformance.cli.parser import Parser, parsed
from injector_conformance.run import catalogue
from injector_conformance.specification import spec
from tests.handbook.documents import (
    CONSOLE,
    DOCUMENTS,
    PROGRAM,
    TOP,
    Shown,
    fences,
    sentences,
    shown,
)

OPTIONAL = re.compile(r"\[([^\]]*)\]")
OWN = re.compile(rf"(?:^|[ /]){PROGRAM} (?=[a-z])(.*)")
"""What the program is given, also where another one, such as docker, starts it."""

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
FOREIGN = {
    *("--cap-add", "--security-opt", "--build-arg"),  # docker
    *("--pyargs", "--injector", "--numprocesses", "--benchmark-disable"),  # pytest
    *("--require-all", "--requirement", "--write", "--documents"),  # make zoo
    *("--minutes", "--target", "--rust", "--native", "--recipe"),  # make fuzz, rust-ladder
    *("--upgrade", "--release", "--repo", "--si"),  # make lock, cargo, gh, du
}
"""Options of other programs that sentences name."""


def identified(one: Shown) -> str:
    return f"{one.document}: {one.line}"


def own() -> list[tuple[Shown, str]]:
    return [(one, found[1]) for one in shown() if (found := OWN.search(one.line))]


def made() -> list[Shown]:
    return [one for one in shown() if one.line.startswith("make ")]


@pytest.mark.parametrize(("one", "words"), own(), ids=[identified(one) for one, _ in own()])
def test_the_program_understands_it(one: Shown, words: str) -> None:
    parser, commands = cli._parser()

    arguments = parsed(parser, commands, shlex.split(OPTIONAL.sub(r"\1", words).replace("…", "")))

    cases, known = catalogue.load(), spec.load()
    for name in getattr(arguments, "case", None) or ():
        assert catalogue.matching(cases, name), one
    for name in getattr(arguments, "requirement", None) or ():
        assert catalogue.spelled(name, known), one


@pytest.mark.needs("make")
@pytest.mark.parametrize("one", made(), ids=identified)
def test_make_would_do_it(one: Shown) -> None:
    words = [word.replace("…", "") for word in shlex.split(one.line, comments=True)]

    done = subprocess.run(
        [*words, "--dry-run"], cwd=TOP, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def parsers() -> Iterator[Parser]:
    parser, commands = cli._parser()
    yield from (parser, *commands.choices.values())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_option_that_a_sentence_names_is_one(path: Path) -> None:
    known = {
        name for one in parsers() for action in one._actions for name in action.option_strings
    }
    named = {name for code in sentences(path) for name in OPTION.findall(code)}

    assert named - known - FOREIGN == set()


def test_every_command_of_the_program_is_shown_somewhere() -> None:
    _, commands = cli._parser()

    assert set(commands.choices) <= {words.split()[0] for _, words in own()}


def test_whatever_is_to_be_typed_stands_in_a_block_that_says_so() -> None:
    starts = (f"{PROGRAM} ", "make ", "$ ", "pip ", "docker ")
    unnamed = [
        (path.name, block)
        for path in DOCUMENTS
        for language, block in fences(path)
        if language != CONSOLE and any(line.startswith(starts) for line in block.splitlines())
    ]

    assert unnamed == []


def test_documents_show_commands() -> None:
    assert len(own()) > 50
    assert len(made()) > 25
    assert sum(one.is_block for one in shown()) > 40

"""``injector-conformance compare``: judge several injectors, and show them side by side."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from injector_conformance.cases import salt
from injector_conformance.cli import check, options
from injector_conformance.cli import report as pages
from injector_conformance.profiles import PROFILES
from injector_conformance.reports import claim, reader
from injector_conformance.reports.document import Document
from injector_conformance.reports.html.marks import ABSENT, KEPT, of_requirement
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.subjects.subject import SubjectError, resolve

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_NAMED: Final = re.compile(rf"({_NAME.pattern})=(.*)", re.DOTALL)
_RESERVED: Final = frozenset((PurePath(pages.PAGE).stem,))
_NOT_CONFORMANT: Final = 1
_DESCRIPTION: Final = """\
Judge several injectors one after the other by the same payloads, and print one table. Each
SUBJECT is a command as one word of the shell, 'python -m zarf_injector', or NAME=COMMAND; without
a name it is called as its program's file. With -o, DIR gets NAME.json and NAME.txt of each, and
index.html.

Exit status: 0 all are conformant; 1 one is not; 2 wrong usage; 3 not everything judged.
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A subject and what it is called."""

    name: str
    command: tuple[str, ...]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "compare",
        help="judge several injectors, side by side",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("subjects", nargs="+", metavar="SUBJECT", help="COMMAND or NAME=COMMAND")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="write the reports and a page into DIR"
    )
    options.add_selection(parser)
    options.add_skip(parser)
    options.add_level(parser)
    options.add_sandbox(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    subjects = list(named(arguments.subjects))
    profile = PROFILES.get(arguments.profile)
    if profile is not None:  # where there is none, the first check says so
        for one in subjects:
            resolve(one.command, arguments.expose, profile)
    with contextlib.ExitStack() as stack:
        output: Path | None = arguments.output
        if output is None:
            output = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        elif output.exists() and not output.is_dir():
            raise SelectionError(f"-o {output}: is no directory; name one")
        output.mkdir(parents=True, exist_ok=True)
        # All of them get the same payloads.
        arguments.seed = arguments.seed or salt.new_seed()
        statuses = {_judged(one, arguments, output) for one in subjects}
        documents = [reader.read(output / f"{one.name}.json") for one in subjects]
        for line in table([one.name for one in subjects], documents):
            print(line)
        if arguments.output is not None:
            print()
            _write_page(output, subjects)
    # Who is not conformant stays so, whatever could not be judged of others.
    return _NOT_CONFORMANT if _NOT_CONFORMANT in statuses else max(statuses)


def named(words: Sequence[str]) -> Iterator[Named]:
    """The subjects that these words mean.

    Raises:
        SubjectError: one of them is no command, or two have the same name.
    """
    known: dict[str, str] = {}
    for word in words:
        found = _NAMED.fullmatch(word)
        text = found[2] if found else word
        try:
            command = tuple(shlex.split(text))
        except ValueError as error:
            raise SubjectError(f"{word}: cannot be split into words: {error}") from error
        if not command:
            raise SubjectError(f"{word!r}: no command stands there; name an injector")
        name = found[1] if found else PurePath(command[0]).name
        if not _NAME.fullmatch(name) or name in _RESERVED:
            raise SubjectError(f"{word}: {name!r} is no name for a file; call it NAME={text}")
        if name in known:
            raise SubjectError(
                f"{known[name]} and {word} are both called {name}; call one NAME={text}"
            )
        known[name] = word
        yield Named(name, command)


def _judged(one: Named, arguments: argparse.Namespace, output: Path) -> int:
    """Judge one, write its reports, and say on a line what came of it."""
    words = check.defaults()
    for key, value in vars(arguments).items():
        if hasattr(words, key):
            setattr(words, key, value)
    words.command, words.separated = list(one.command), True
    words.json = output / f"{one.name}.json"
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        status = check.run(words)
    (output / f"{one.name}.txt").write_text(text.getvalue(), "utf-8", "backslashreplace")
    return status


def _write_page(output: Path, subjects: Sequence[Named]) -> None:
    from injector_conformance.reports.html import compare  # noqa: PLC0415 - slow to load

    page = output / pages.PAGE
    paths = [output / f"{one.name}.json" for one in subjects]
    page.write_text(compare.compare(paths, None, None), encoding="utf-8")
    print(page)


_LEVELS: Final = ("MUST", "SHOULD", "MAY")


def table(names: Sequence[str], documents: Sequence[Document]) -> Iterator[str]:
    """A line for each subject, and one for each requirement that not all of them keep."""
    wide = max(map(len, (*names, "subject")))
    yield f"{'subject':{wide}}  " + "  ".join(f"{one:>7}" for one in _LEVELS) + "  verdict"
    for name, document in zip(names, documents, strict=True):
        kept = "  ".join(f"{_kept(document, level):>7}" for level in _LEVELS)
        yield f"{name:{wide}}  {kept}  {claim.claim(document)}"
    found = [
        {one["id"]: of_requirement(one) for one in document["requirements"]}
        for document in documents
    ]
    ids = dict.fromkeys(one for each in found for one in each)
    marks = {one: [each.get(one, ABSENT) for each in found] for one in ids}
    rows = [
        (one, [mark.brief.lower() for mark in own])
        for one, own in marks.items()
        if any(mark is not KEPT for mark in own)
    ]
    if rows:
        columns = [
            max(len(name), *(len(seen[at]) for _, seen in rows)) for at, name in enumerate(names)
        ]
        yield ""
        for label, cells in (("", names), *rows):
            padded = (f"{cell:{size}}" for cell, size in zip(cells, columns, strict=True))
            yield f"{label:{wide}}  {'  '.join(padded)}".rstrip()


def _kept(document: Document, level: str) -> str:
    """How many requirements of a level are kept, of those that were judged."""
    own = [one["status"] for one in document["requirements"] if one["level"] == level]
    return f"{own.count('passed')}/{len(own)}" if own else "-"

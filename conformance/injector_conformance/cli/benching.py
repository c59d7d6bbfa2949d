"""What the benchmarks of both profiles share on the command line."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from injector_conformance.bench import UsageError
from injector_conformance.bench.comparison import Comparing
from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.document import Document
from injector_conformance.bench.gate import Verdict
from injector_conformance.bench.run import Rounds

Usual = TypeVar("Usual", Rounds, None)

KEPT: Final = 0
REGRESSED: Final = 1
WRONG_USAGE: Final = 2
HARNESS_ERROR: Final = 3
INCONCLUSIVE: Final = 4

STATUS: Final = {
    Verdict.KEPT: KEPT,
    Verdict.REGRESSED: REGRESSED,
    Verdict.INCONCLUSIVE: INCONCLUSIVE,
}

DEFAULT_LIMIT: Final = 1.15


class Progress:
    """Says on standard error what is being done: each part, and to a terminal each round."""

    def __init__(self, parts: Iterable[str]) -> None:
        """Take the names of all parts, in their order."""
        self._places = {part: number for number, part in enumerate(parts, 1)}
        self._watched = sys.stderr.isatty()
        self._told: set[str] = set()

    def tell(self, part: str, step: str) -> None:
        """Say what is being done with a part."""
        place = f"[{self._places[part]}/{len(self._places)}] {part}"
        if self._watched:
            print(f"\r\x1b[K{place} · {step}", end="", file=sys.stderr, flush=True)
        elif part not in self._told:
            print(place, file=sys.stderr, flush=True)
        self._told.add(part)

    def clear(self) -> None:
        """Leave the line to others."""
        if self._watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def words(text: str) -> list[str]:
    """The words of a command that is quoted as one.

    Raises:
        UsageError: its quotes do not match.
    """
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--also {text}: {error}") from error


def schedule(
    arguments: argparse.Namespace, quick: Rounds, compared: Rounds, usual: Usual
) -> Rounds | Usual:
    """How often to go round, as the command line says."""
    if arguments.rounds is not None:
        return Rounds(arguments.rounds, arguments.rounds, 0.0)
    if arguments.baseline is not None:
        return compared
    return quick if arguments.quick else usual


def doubts(
    comparison: Comparing[Any, Any], facts: Document, everyone: Iterable[Contestant]
) -> Iterator[str]:
    """Lines that say why a baseline may not be comparable."""
    control = next(one.version for one in everyone if one.kind == "control")
    yield from (f"beware   {doubt}" for doubt in comparison.doubts(facts, control))


def check_json(arguments: argparse.Namespace) -> None:
    """Look before the run whether its report can be written.

    Raises:
        UsageError: there is no such directory.
    """
    if arguments.json is not None and not arguments.json.absolute().parent.is_dir():
        raise UsageError(f"--json {arguments.json}: there is no directory to write it in")

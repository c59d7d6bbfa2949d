"""What is expected of a program: its flaws, each with what it is accused of for it.

A file of ``fixtures/zoo/expected``::

    program = "gnu-tar"
    versions = ["1.34"]              # those that this is true of

    [[flaw]]
    name = "the-root-gets-the-mode-of-dot"
    says = "what it does, and what comes of it"
    right = "who is right, and why"
    because = "why it is more than one requirement's"      # only if it is
    inconclusive = ["box-dot-file"]  # cases whose positive control fails for it; only if any do
    [flaw.accuses]
    BOX-7 = ["box-dot-closed", "box-dot-slash-closed"]
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from injector_conformance.requirement import sort_key

UNEXPLAINED: Final = "unexplained"
"""The name of the flaw that holds what nobody has explained yet."""

Accusation = tuple[str, str]
"""Requirement and case."""


class ExpectationError(Exception):
    """An expectation cannot be used; the message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw of a program, explained once.

    Attributes:
        name: short.
        says: what the program does and what comes of it.
        right: who is right.
        because: why more than one requirement is charged for it; empty where one is.
        accuses: by requirement, the ids of the cases.
        inconclusive: ids of cases that say nothing of the program, because it stands in the way.
    """

    name: str
    says: str
    right: str
    because: str = ""
    accuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inconclusive: tuple[str, ...] = ()

    def problems(self) -> Iterator[str]:
        """What is not explained."""
        if not self.says.strip() or not self.right.strip():
            yield f"flaw {self.name}: say what it is (says) and who is right (right)"
        if not any(self.accuses.values()) and not self.inconclusive:
            yield f"flaw {self.name}: accuses of nothing; remove it"
        if len(self.accuses) > 1 and not self.because.strip():
            blamed = ", ".join(self.accuses)
            yield f"flaw {self.name}: say why it is charged to {blamed} (because)"
        if len(self.accuses) < 2 and self.because:  # noqa: PLR2004 - more than one
            yield f"flaw {self.name}: is charged to one requirement; because says nothing"


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that is expected of a program."""

    program: str
    versions: tuple[str, ...]
    flaws: tuple[Flaw, ...]

    def accused(self) -> dict[Accusation, Flaw]:
        """By requirement and case, the flaw that it comes from."""
        return {
            (requirement, case): flaw
            for flaw in self.flaws
            for requirement, cases in flaw.accuses.items()
            for case in cases
        }

    def inconclusive(self) -> dict[str, Flaw]:
        """By case that says nothing, the flaw that stands in its way."""
        return {case: flaw for flaw in self.flaws for case in flaw.inconclusive}

    def problems(self) -> Iterator[str]:
        """What is not explained, or stands twice."""
        stands: set[Accusation] = set()
        names: set[str] = set()
        for flaw in self.flaws:
            yield from flaw.problems()
            if flaw.name in names:
                yield f"flaw {flaw.name}: stands twice"
            names.add(flaw.name)
            for requirement, cases in flaw.accuses.items():
                for case in cases:
                    if (requirement, case) in stands:
                        yield f"flaw {flaw.name}: {requirement} {case} has a flaw already"
                    stands.add((requirement, case))


def read(path: Path) -> Expectation:
    """Read a file.

    Raises:
        ExpectationError: it is missing or malformed.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return Expectation(
            document["program"],
            tuple(document["versions"]),
            tuple(_flaw(table) for table in document.get("flaw", [])),
        )
    except OSError as error:
        raise ExpectationError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ExpectationError(f"{path}: is no expectation: {error!r}") from error


def _flaw(table: Mapping[str, Any]) -> Flaw:
    fields = dict(table)
    accuses = {one: tuple(cases) for one, cases in fields.pop("accuses", {}).items()}
    inconclusive = tuple(fields.pop("inconclusive", ()))
    return Flaw(**fields, inconclusive=inconclusive, accuses=accuses)


def write(path: Path, expectation: Expectation) -> None:
    """Write a file that :func:`read` takes."""
    path.write_text("\n".join(_lines(expectation)) + "\n", encoding="utf-8")


def _lines(expectation: Expectation) -> Iterator[str]:
    yield "# What is expected of this program: `make zoo` compares. With ARGS=--write it writes"
    yield "# the accusations anew, and keeps what is explained here."
    yield f"program = {json.dumps(expectation.program)}"
    yield f"versions = {json.dumps(expectation.versions)}"
    for flaw in expectation.flaws:
        yield ""
        yield "[[flaw]]"
        yield f"name = {json.dumps(flaw.name)}"
        for key in ("says", "right", "because"):
            text = getattr(flaw, key)
            if text or key != "because":
                yield f"{key} = {json.dumps(text, ensure_ascii=False)}"
        if flaw.inconclusive:
            yield f"inconclusive = {json.dumps(sorted(flaw.inconclusive), indent=2)}"
        yield "[flaw.accuses]"
        for requirement in sorted(flaw.accuses, key=sort_key):
            yield f"{requirement} = ["
            yield from (f"  {json.dumps(case)}," for case in sorted(flaw.accuses[requirement]))
            yield "]"

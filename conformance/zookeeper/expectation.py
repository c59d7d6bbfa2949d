"""What is expected of a program: its flaws, each with what it is accused of for it.

A file of ``fixtures/zoo/expected``::

    program = "gnu-tar"
    versions = ["1.34"]              # those that this is true of

    [[flaw]]
    name = "the-root-gets-the-mode-of-dot"
    says = "what it does, and what comes of it"
    right = "who is right, and why"
    because = "why it is more than one requirement's"      # only if it is
    inconclusive = ["box-dot-file"]  # cases whose control or witness fails for it; only if any do
    depends = "on what it depends whether it is seen"      # only with [flaw.sometimes]
    [flaw.accuses]
    BOX-7 = ["box-dot-closed", "box-dot-slash-closed"]
    [flaw.sometimes]                 # only if any: seen on one machine and not on another
    BOX-8 = ["box-deep-dot"]
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from injector_conformance.specification.requirement import sort_key

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
        depends: why what is in ``sometimes`` is seen on one machine and not on another.
        sometimes: like ``accuses``; whether it is seen or not, both are as expected.
    """

    name: str
    says: str
    right: str
    because: str = ""
    accuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inconclusive: tuple[str, ...] = ()
    depends: str = ""
    sometimes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def blamed(self) -> list[str]:
        """The requirements that it is charged to, always or sometimes."""
        return sorted(self.accuses.keys() | self.sometimes.keys(), key=sort_key)

    def problems(self) -> Iterator[str]:
        """What is not explained."""
        blamed = self.blamed()
        if not self.says.strip() or not self.right.strip():
            yield f"flaw {self.name}: say what it is (says) and who is right (right)"
        if not blamed and not self.inconclusive:
            yield f"flaw {self.name}: accuses of nothing; remove it"
        if len(blamed) > 1 and not self.because.strip():
            yield f"flaw {self.name}: say why it is charged to {', '.join(blamed)} (because)"
        if len(blamed) < 2 and self.because:  # noqa: PLR2004 - more than one
            yield f"flaw {self.name}: is charged to one requirement; because says nothing"
        if bool(self.sometimes) != bool(self.depends.strip()):
            yield f"flaw {self.name}: what is seen sometimes has a reason (depends), and no other"


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that is expected of a program."""

    program: str
    versions: tuple[str, ...]
    flaws: tuple[Flaw, ...]

    def accused(self) -> dict[Accusation, Flaw]:
        """By requirement and case, the flaw that it comes from."""
        return {one: flaw for flaw in self.flaws for one in _pairs(flaw.accuses)}

    def sometimes(self) -> frozenset[Accusation]:
        """By requirement and case, what may be seen and need not be."""
        return frozenset(one for flaw in self.flaws for one in _pairs(flaw.sometimes))

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
            for one in (*_pairs(flaw.accuses), *_pairs(flaw.sometimes)):
                if one in stands:
                    yield f"flaw {flaw.name}: {one[0]} {one[1]} has a flaw already"
                stands.add(one)


def _pairs(accuses: Mapping[str, tuple[str, ...]]) -> Iterator[Accusation]:
    return ((requirement, case) for requirement, cases in accuses.items() for case in cases)


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
    for key in ("accuses", "sometimes"):
        fields[key] = {one: tuple(cases) for one, cases in fields.pop(key, {}).items()}
    return Flaw(**fields | {"inconclusive": tuple(fields.get("inconclusive", ()))})


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
        for key in ("says", "right", "because", "depends"):
            text = getattr(flaw, key)
            if text or key in ("says", "right"):
                yield f"{key} = {json.dumps(text, ensure_ascii=False)}"
        if flaw.inconclusive:
            yield f"inconclusive = {json.dumps(sorted(flaw.inconclusive), indent=2)}"
        yield from _table("accuses", flaw.accuses)
        if flaw.sometimes:
            yield from _table("sometimes", flaw.sometimes)


def _table(name: str, accuses: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield f"[flaw.{name}]"
    for requirement in sorted(accuses, key=sort_key):
        yield f"{requirement} = ["
        yield from (f"  {json.dumps(case)}," for case in sorted(accuses[requirement]))
        yield "]"

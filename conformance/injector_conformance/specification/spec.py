"""The specification as data: ids, levels, profiles and statements, parsed from SPEC.md.

SPEC.md is the only source of all of these. Its grammar is small and strict, so that a typing
error in it is an error here and never a requirement that silently goes missing::

    Version: 1.0.0
    Profiles: stage1, unified

    ## TAR: the archive

    ### TAR-3 · MUST · stage1, unified
    The statement: one paragraph, several lines if need be.

    *Why:* … *Source:* … *Others:* …

A heading may name a scope after the profiles (``### BIN-1 · MUST · stage1 · native``). A retired
requirement keeps its number: ``### PAY-9 · retired``. Fenced code is never read as a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from injector_conformance.specification.requirement import (
    CHAPTERS,
    Level,
    Requirement,
    Scope,
    sort_key,
)

__all__ = [
    "CHAPTERS",
    "Level",
    "Requirement",
    "Scope",
    "SpecError",
    "Specification",
    "load",
    "parse",
    "sort_key",
]

_CHAPTER: Final = re.compile(r"## ([A-Z]+): (\S.*)")
_HEADER: Final = re.compile(r"(Version|Profiles): (\S.*)")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
_FIELD: Final = re.compile(r"\*(Why|Source|Others):\*")
_HEADING_PARTS: Final = (3, 4)


class SpecError(Exception):
    """SPEC.md cannot be used; the message names the line and what is wrong with it."""


@dataclass(frozen=True)
class Specification:
    """The whole of SPEC.md that programs need.

    Attributes:
        version: the specification's own semantic version.
        profiles: every profile that a requirement may name.
        requirements: by id, in the order of :func:`sort_key`, without the retired ones.
        chapters: title by chapter, in order.
        retired: ids that were requirements once and are never used again.
    """

    version: str
    profiles: tuple[str, ...]
    requirements: Mapping[str, Requirement]
    chapters: Mapping[str, str]
    retired: frozenset[str]


@cache
def load(path: Path | None = None) -> Specification:
    """Read the specification, once: it does not change while a process judges by it.

    Args:
        path: a SPEC.md; by default the one that was installed with this package, or that of the
            source checkout which this file lies in.

    Raises:
        SpecError: the file is missing, unreadable or breaks its grammar.
    """
    source = path or _own_specification()
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{source}: cannot read the specification: {error}") from error
    return parse(text, name=str(source))


def parse(text: str, name: str = "SPEC.md") -> Specification:
    """Parse the text of a specification; ``name`` stands for it in messages.

    Raises:
        SpecError: the text breaks the grammar.
    """
    draft = _Draft(name)
    for number, line in _lines_outside_fences(text):
        draft.read(number, line)
    return draft.finish()


def _own_specification() -> Traversable:
    installed = resources.files("injector_conformance") / "SPEC.md"
    if installed.is_file():
        return installed
    return Path(__file__).parents[3] / "reference" / "SPEC.md"


def _lines_outside_fences(text: str) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


@dataclass
class _Section:
    """One requirement heading and the lines below it."""

    line: int
    heading: str
    chapter: str
    body: list[str] = field(default_factory=list)


class _Draft:
    """A specification while it is being read, line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.header: dict[str, str] = {}
        self.chapters: dict[str, str] = {}
        self.sections: list[_Section] = []
        self.chapter: str | None = None
        self.open: _Section | None = None

    def error(self, line: int, problem: str) -> SpecError:
        return SpecError(f"{self.name}:{line}: {problem}")

    def read(self, number: int, line: str) -> None:
        if line.startswith("## "):
            self.open = None
            self.begin_chapter(number, line)
        elif line.startswith("### ") and self.chapter is not None:
            self.open = _Section(number, line.removeprefix("### ").strip(), self.chapter)
            self.sections.append(self.open)
        elif self.open is not None:
            self.open.body.append(line)
        elif (match := _HEADER.fullmatch(line)) is not None and not self.chapters:
            self.header.setdefault(match[1], match[2].strip())

    def begin_chapter(self, number: int, line: str) -> None:
        match = _CHAPTER.fullmatch(line.rstrip())
        self.chapter = match and match[1]
        if match is None:
            return
        if match[1] not in CHAPTERS:
            raise self.error(number, f"unknown chapter {match[1]}: use one of {_any(CHAPTERS)}")
        if match[1] in self.chapters:
            raise self.error(number, f"chapter {match[1]} begins a second time")
        self.chapters[match[1]] = match[2]

    def finish(self) -> Specification:
        version = self.header.get("Version", "")
        if _VERSION.fullmatch(version) is None:
            raise self.error(1, "no line such as 'Version: 1.0.0' before the chapters")
        profiles = tuple(one.strip() for one in self.header.get("Profiles", "").split(","))
        if not all(profiles):
            raise self.error(1, "no line such as 'Profiles: stage1, unified' before the chapters")
        requirements: dict[str, Requirement] = {}
        retired: list[str] = []
        for section in self.sections:
            identifier, *rest = (part.strip() for part in section.heading.split("·"))
            self.check_place(section, identifier, [*requirements, *retired])
            if rest == ["retired"]:
                retired.append(identifier)
            else:
                requirements[identifier] = self.requirement(section, identifier, rest, profiles)
        return Specification(
            version=version,
            profiles=profiles,
            requirements={one: requirements[one] for one in sorted(requirements, key=sort_key)},
            chapters={one: self.chapters[one] for one in CHAPTERS if one in self.chapters},
            retired=frozenset(retired),
        )

    def check_place(self, section: _Section, identifier: str, earlier: Sequence[str]) -> None:
        """An id belongs to its chapter, appears once, and follows its predecessor directly."""
        try:
            _, number, letter = sort_key(identifier)
        except ValueError as error:
            raise self.error(section.line, str(error)) from None
        if not identifier.startswith(section.chapter + "-"):
            raise self.error(section.line, f"{identifier} does not belong in {section.chapter}")
        if identifier in earlier:
            raise self.error(section.line, f"duplicate requirement {identifier}")
        before = _predecessor(section.chapter, number, letter)
        if before is not None and before not in earlier:
            raise self.error(
                section.line,
                f"{identifier} stands before any {before}: keep ids in order and without gaps; "
                f"a number that is given up stays as '### {before} · retired'",
            )

    def requirement(
        self, section: _Section, identifier: str, parts: Sequence[str], known: Sequence[str]
    ) -> Requirement:
        if len(parts) + 1 not in _HEADING_PARTS:
            raise self.error(
                section.line,
                f"{identifier}: a heading is 'ID · LEVEL · PROFILES' and perhaps ' · SCOPE'",
            )
        level, names, *scope = parts
        if level not in list(Level):
            raise self.error(section.line, f"{identifier}: unknown level {level!r}: {_any(Level)}")
        profiles = tuple(one.strip() for one in names.split(","))
        for profile in profiles:
            if profile not in known:
                raise self.error(
                    section.line, f"{identifier}: unknown profile {profile!r}: {_any(known)}"
                )
        if scope and scope[0] not in list(Scope):
            raise self.error(
                section.line, f"{identifier}: unknown scope {scope[0]!r}: {_any(Scope)}"
            )
        statement, fields = self.prose(section, identifier)
        return Requirement(
            id=identifier,
            level=Level(level),
            profiles=profiles,
            scope=Scope(scope[0]) if scope else None,
            statement=statement,
            why=fields["Why"],
            source=fields["Source"],
            others=fields.get("Others", ""),
            chapter=section.chapter,
        )

    def prose(self, section: _Section, identifier: str) -> tuple[str, dict[str, str]]:
        before, *rest = _FIELD.split("\n".join(section.body))
        paragraphs = [" ".join(one.split()) for one in re.split(r"\n\s*\n", before) if one.strip()]
        if not paragraphs:
            raise self.error(section.line, f"{identifier} has no statement")
        if len(paragraphs) > 1:
            raise self.error(section.line, f"{identifier}: the statement must be one paragraph")
        fields: dict[str, str] = {}
        for key, value in zip(rest[::2], rest[1::2], strict=True):
            if key in fields:
                raise self.error(section.line, f"{identifier} has '*{key}:*' twice")
            fields[key] = " ".join(value.split())
        for key in ("Why", "Source"):
            if not fields.get(key):
                raise self.error(section.line, f"{identifier} has no '*{key}:*'")
        return paragraphs[0], fields


def _predecessor(chapter: str, number: int, letter: str) -> str | None:
    """The id that must have come before: GZ-6 and GZ-5a follow GZ-5, GZ-5b follows GZ-5a."""
    if letter:
        return f"{chapter}-{number}" + ("" if letter == "a" else chr(ord(letter) - 1))
    return f"{chapter}-{number - 1}" if number > 1 else None


def _any(names: Sequence[str] | type[StrEnum]) -> str:
    return ", ".join(names)

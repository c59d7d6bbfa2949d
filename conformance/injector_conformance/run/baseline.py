"""Baselines: deviations that a maintainer has accepted, each with a reason.

A baseline is a TOML file::

    [[accepted]]
    requirement = "GZ-2"
    cases = ["gz-header-fhcrc"]              # these, and no other
    reason = "our decoder refuses a checksum of the header; no known tool writes one"
    link = "https://example.org/issues/1"    # optional

    [[accepted]]
    requirement = "RUN-3"                    # without cases: whatever breaks it
    reason = "panic=immediate-abort leaves no message"

    [[accepted]]
    requirement = "BOX-8"
    cases = ["box-deep-levels"]
    sometimes = true                         # optional: that it is not seen is not stale
    reason = "takes about as long as the deadline: slower on some machines, faster on others"

An entry may name a ``case`` and no requirement: then it accepts what that case is about, and
nothing else that the case may find.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from injector_conformance.host import named_file

_KEYS: Final = frozenset({"requirement", "case", "cases", "reason", "link", "sometimes"})
_NO_TEXTS: Final = ("cases", "sometimes")

UNEXPLAINED: Final = "TODO: broken when this baseline was written; say here why that is accepted"
"""What stands in place of a reason until somebody has given one; :func:`read` refuses it."""

_PLACEHOLDERS: Final = (
    *("todo", "fixme", "xxx", "tbd", "tba", "tbc", "wip"),
    *("placeholder", "reason", "none", "n/a", "na", "null", "unknown"),
    *("broken when this baseline was written",),
)
"""Words that stand where a reason should be: alone, or before whatever follows ``TODO``."""

_LEADING: Final = ("todo", "fixme", "xxx", "tbd", "broken when this baseline was written")


class BaselineError(Exception):
    """The baseline cannot be used; the message names the file, the entry and what to do."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted deviation.

    Attributes:
        requirement: the id of what is broken; empty for whatever the cases are about.
        cases: the ids of the cases in which it may be broken; none for all.
        reason: why that is accepted.
        link: where more is to be read.
        sometimes: whether it is seen on one machine and not on another, so that it is not stale
            where it is not seen.
    """

    requirement: str
    cases: tuple[str, ...]
    reason: str
    link: str = ""
    sometimes: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it accepts a requirement, whichever case breaks it."""
        return not self.cases


@dataclass(frozen=True, slots=True)
class Baseline:
    """All accepted deviations of one file."""

    path: str
    entries: tuple[Accepted, ...]

    def whole(self, requirement: str) -> Accepted | None:
        """The entry that accepts a whole requirement."""
        return next(
            (one for one in self.entries if one.requirement == requirement and one.is_whole), None
        )

    def case(self, requirement: str, case: str, about: Container[str]) -> Accepted | None:
        """The entry that accepts a requirement in one case, by the case's own name.

        Args:
            requirement: what is broken.
            case: where.
            about: the requirements that the case is about.
        """
        for one in self.entries:
            fits = one.requirement == requirement if one.requirement else requirement in about
            if case in one.cases and fits:
                return one
        return None


EMPTY: Final = Baseline("", ())


def read(
    path: Path,
    requirements: Container[str],
    cases: Container[str],
    *,
    is_draft: bool = False,
) -> Baseline:
    """Read a baseline and check every entry.

    Args:
        path: a TOML file.
        requirements: the ids that exist.
        cases: likewise.
        is_draft: whether reasons may still be missing, as in a file that is to be written anew.

    Raises:
        BaselineError: the file is missing or malformed, an entry has no reason, names an unknown
            id, or stands twice.
    """
    try:
        document = tomllib.loads(named_file.read(path).decode())
    except OSError as error:
        raise BaselineError(f"{path}: cannot read the baseline: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: is not TOML: {error}") from error
    tables = document.get("accepted", [])
    if set(document) - {"accepted"} or not isinstance(tables, list):
        raise BaselineError(f"{path}: a baseline holds [[accepted]] tables and nothing else")
    entries: list[Accepted] = []
    seen: set[tuple[str, str]] = set()
    for number, table in enumerate(tables, start=1):
        where = f"{path}: entry {number}"
        entry = _entry(where, table)
        if not is_draft and is_placeholder(entry.reason):
            raise BaselineError(f"{where}: say in reason why the deviation is accepted")
        if unknown := _unknown(entry, requirements, cases):
            raise BaselineError(f"{where}: there is no {unknown}")
        for pair in [(entry.requirement, case) for case in entry.cases or ("",)]:
            if pair in seen:
                raise BaselineError(f"{where}: {' in '.join(filter(None, pair))} stands twice")
            seen.add(pair)
        entries.append(entry)
    return Baseline(str(path), tuple(entries))


def _unknown(entry: Accepted, requirements: Container[str], cases: Container[str]) -> str:
    """What an entry names and nobody knows; empty if there is nothing."""
    if entry.requirement and entry.requirement not in requirements:
        return f"requirement {entry.requirement}"
    return next((f"case {one}" for one in entry.cases if one not in cases), "")


def is_placeholder(reason: str) -> bool:
    """Whether a reason is none: empty, punctuation, or a word that waits for one."""
    words = " ".join(reason.casefold().split()).strip("\"'`<>[](){}.,:;!?-_*#… ")
    if not any(one.isalnum() for one in words):
        return True
    if words in _PLACEHOLDERS:
        return True
    return any(
        words.startswith(one) and not words[len(one) : len(one) + 1].isalnum() for one in _LEADING
    )


def _entry(where: str, table: Any) -> Accepted:
    if not isinstance(table, dict):
        raise BaselineError(f"{where}: is not a table")
    if unknown := sorted(table.keys() - _KEYS):
        raise BaselineError(
            f"{where}: unknown key {unknown[0]}; known are {', '.join(sorted(_KEYS))}"
        )
    cases = table.get("cases", [table["case"]] if "case" in table else [])
    texts = [value for key, value in table.items() if key not in _NO_TEXTS]
    if not isinstance(cases, list) or not all(isinstance(one, str) for one in (*cases, *texts)):
        raise BaselineError(f"{where}: holds texts, and cases is a list of them")
    if {"case", "cases"} <= table.keys() or ("cases" in table and not cases):
        raise BaselineError(f"{where}: name a case, or cases, or a whole requirement without them")
    requirement, sometimes = table.get("requirement", ""), table.get("sometimes", False)
    if not requirement and not cases:
        raise BaselineError(f"{where}: name a requirement, a case, or both")
    if not isinstance(sometimes, bool):
        raise BaselineError(f"{where}: sometimes is true or false")
    reason, link = table.get("reason", ""), table.get("link", "")
    return Accepted(requirement, tuple(cases), reason, link, sometimes)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One requirement in one case; ``about`` are the requirements that the case is about."""

    requirement: str
    case: str
    about: tuple[str, ...] = ()


def renewed(
    old: Baseline, judged: Collection[tuple[str, str]], broken: Sequence[Deviation]
) -> Baseline:
    """The baseline for what is broken now: an entry per case, reasons and links as they were.

    Args:
        old: what stands in the file. What this run has not judged stays in it; so does a whole
            requirement that is still broken, as it was accepted on purpose.
        judged: requirement and case of everything that this run has judged.
        broken: what is broken of it.
    """
    entries: list[Accepted] = []
    covered: set[Deviation] = set()
    for entry in old.entries:
        hit = [one for one in broken if _covers(entry, one)]
        covered.update(hit)
        if entry.sometimes:
            entries.append(entry)
            continue
        if entry.is_whole:
            if hit or all(requirement != entry.requirement for requirement, _ in judged):
                entries.append(entry)
            continue
        here = {one.case for one in hit}
        kept = tuple(
            case for case in entry.cases if case in here or not _is_judged(entry, case, judged)
        )
        if kept:
            entries.append(replace(entry, cases=kept))
    new: dict[str, list[str]] = {}
    for one in broken:
        if one not in covered:
            new.setdefault(one.requirement, []).append(one.case)
    entries += [Accepted(one, tuple(cases), UNEXPLAINED) for one, cases in new.items()]
    return Baseline(old.path, tuple(entries))


def _covers(entry: Accepted, one: Deviation) -> bool:
    if entry.is_whole:
        return entry.requirement == one.requirement
    if one.case not in entry.cases:
        return False
    return one.requirement in ((entry.requirement,) if entry.requirement else one.about)


def _is_judged(entry: Accepted, case: str, judged: Collection[tuple[str, str]]) -> bool:
    return any(
        found == case and entry.requirement in ("", requirement) for requirement, found in judged
    )


def write(path: Path, entries: Sequence[Accepted]) -> None:
    """Write a baseline that :func:`read` takes once every reason is given.

    Comments at the head of a file that is there already stay.
    """
    lines = _head(path) or [
        "# Accepted deviations. Each needs a reason; a stale entry is an error."
    ]
    for one in entries:
        lines += ["", "[[accepted]]"]
        if one.requirement:
            lines.append(f"requirement = {_text(one.requirement)}")
        if len(one.cases) == 1:
            lines.append(f"case = {_text(one.cases[0])}")
        elif one.cases:
            lines += ["cases = [", *(f"    {_text(case)}," for case in one.cases), "]"]
        if one.sometimes:
            lines.append("sometimes = true")
        lines.append(f"reason = {_text(one.reason)}")
        if one.link:
            lines.append(f"link = {_text(one.link)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _head(path: Path) -> list[str]:
    """The comments before the first entry."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    return list(takewhile(lambda line: line.startswith("#"), text.splitlines()))


def _text(value: str) -> str:
    """A basic string of TOML: JSON's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

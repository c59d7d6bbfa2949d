"""Baselines: deviations that a maintainer has accepted, each with a reason.

A baseline is a TOML file::

    [[accepted]]
    requirement = "RUN-3"        # or: case = "run-message-on-failure"
    reason = "panic=immediate-abort leaves no message"
    link = "https://example.org/issues/1"    # optional
"""

from __future__ import annotations

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance import named_file

_KEYS: Final = frozenset({"requirement", "case", "reason", "link"})


class BaselineError(Exception):
    """The baseline cannot be used; the message names the file, the entry and what to do."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted deviation: ``target`` is a requirement id or a case id."""

    target: str
    is_case: bool
    reason: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """All accepted deviations of one file."""

    path: str
    entries: tuple[Accepted, ...]

    def requirement(self, identifier: str) -> Accepted | None:
        """The entry for a whole requirement."""
        return self._entry(identifier, is_case=False)

    def case(self, identifier: str) -> Accepted | None:
        """The entry for one case."""
        return self._entry(identifier, is_case=True)

    def _entry(self, identifier: str, *, is_case: bool) -> Accepted | None:
        for one in self.entries:
            if one.target == identifier and one.is_case == is_case:
                return one
        return None


EMPTY: Final = Baseline("", ())


def read(path: Path, requirements: Container[str], cases: Container[str]) -> Baseline:
    """Read a baseline and check every entry.

    Args:
        path: a TOML file.
        requirements: the ids that exist.
        cases: likewise.

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
    for number, table in enumerate(tables, start=1):
        entry = _entry(f"{path}: entry {number}", table)
        known = cases if entry.is_case else requirements
        if entry.target not in known:
            kind = "case" if entry.is_case else "requirement"
            raise BaselineError(f"{path}: entry {number}: there is no {kind} {entry.target}")
        if any(entry.target == other.target for other in entries):
            raise BaselineError(f"{path}: entry {number}: {entry.target} stands twice")
        entries.append(entry)
    return Baseline(str(path), tuple(entries))


def _entry(where: str, table: Any) -> Accepted:
    if not isinstance(table, dict) or not all(isinstance(one, str) for one in table.values()):
        raise BaselineError(f"{where}: is not a table of texts")
    if unknown := sorted(table.keys() - _KEYS):
        raise BaselineError(
            f"{where}: unknown key {unknown[0]}; known are {', '.join(sorted(_KEYS))}"
        )
    if ("requirement" in table) == ("case" in table):
        raise BaselineError(f"{where}: name either a requirement or a case")
    if not table.get("reason", "").strip():
        raise BaselineError(f"{where}: say in reason why the deviation is accepted")
    is_case = "case" in table
    target = table["case"] if is_case else table["requirement"]
    return Accepted(target, is_case, table["reason"], table.get("link", ""))


def write(path: Path, entries: tuple[Accepted, ...]) -> None:
    """Write a baseline that :func:`read` takes."""
    lines = ["# Accepted deviations. Each needs a reason; a stale entry is an error."]
    for one in entries:
        lines += [
            "",
            "[[accepted]]",
            f"{'case' if one.is_case else 'requirement'} = {_text(one.target)}",
        ]
        lines.append(f"reason = {_text(one.reason)}")
        if one.link:
            lines.append(f"link = {_text(one.link)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

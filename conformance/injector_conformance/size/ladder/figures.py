"""The figures of the ladder, as they are committed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = "injector-conformance/ladder/1"

MACHINES: Final = ("x86_64", "aarch64")


class LadderError(Exception):
    """The figures cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way of building an injector.

    Attributes:
        id: stable, for whoever updates the figures.
        group: the heading that it stands under; rungs of a group stand together.
        label: how it is built.
        bytes: file size by machine, as ``stat`` counts it; a machine without a figure is absent.
        exact: False for figures that somebody else rounded.
        remark: what one has to know to compare it with others, or nothing.
    """

    id: str
    group: str
    label: str
    bytes: Mapping[str, int]
    exact: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A size that a binary should stay below, in bytes."""

    bytes: int
    label: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """All of it. ``date`` is the day of the measurement, ``tools`` the versions used by name."""

    date: str
    tools: Mapping[str, str]
    limits: tuple[Limit, ...]
    rungs: tuple[Rung, ...]

    def groups(self) -> list[tuple[str, list[Rung]]]:
        """The rungs by group, in order."""
        groups: dict[str, list[Rung]] = {}
        for rung in self.rungs:
            groups.setdefault(rung.group, []).append(rung)
        return list(groups.items())


def read(path: Path) -> Ladder:
    """Read the committed figures.

    Raises:
        LadderError: the file is missing, no such document, or has a figure that is none.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != SCHEMA:
            raise LadderError(f"{path}: schema {content['schema']}, not {SCHEMA}")
        ladder = Ladder(
            date=str(content["date"]),
            tools=dict(content["tools"]),
            limits=tuple(Limit(**limit) for limit in content["limits"]),
            rungs=tuple(Rung(**rung) for rung in content["rungs"]),
        )
    except OSError as error:
        raise LadderError(f"{path}: cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise LadderError(f"{path}: not the figures of a ladder: {error!r}") from error
    for rung in ladder.rungs:
        if not rung.bytes or not all(
            machine in MACHINES and isinstance(size, int) and size > 0
            for machine, size in rung.bytes.items()
        ):
            raise LadderError(f"{path}: rung {rung.id}: bytes must be positive, by machine")
    return ladder


def write(path: Path, ladder: Ladder) -> None:
    """Write figures that :func:`read` takes; what is at its default is left out."""
    content: dict[str, Any] = {"schema": SCHEMA, **asdict(ladder)}
    content["rungs"] = [
        {
            key: value
            for key, value in asdict(rung).items()
            if not (key == "remark" and not value) and not (key == "exact" and value)
        }
        for rung in ladder.rungs
    ]
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

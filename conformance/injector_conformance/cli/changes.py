"""``injector-conformance changes``: what is newly broken or kept since an earlier result."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from injector_conformance.reports.changes import Change, ChangesError, Kept, changes, named
from injector_conformance.reports.reader import ReportError, read

NOTHING_BROKEN: Final = 0
NEWLY_BROKEN: Final = 1
WRONG_USAGE: Final = 2
NO_LONGER_JUDGED: Final = 3

_SHOWN: Final = 5
"""Cases of a requirement that are listed; the others are counted."""

_DESCRIPTION: Final = """\
Say what is newly broken, newly kept and no longer judged in AFTER.json, compared with BEFORE.json:
two results of check --json of one profile. A deviation that a baseline accepts is broken all the
same; what lies beyond the level of AFTER.json is told and does not count.

Exit status: 0 nothing is newly broken; 1 something is, a requirement or one more case of it;
2 wrong usage; 3 nothing is, but something that was judged is judged no longer.
"""


def _is_lost(one: Change) -> bool:
    return one.before in (Kept.YES, Kept.NO) and one.after in (None, Kept.UNKNOWN)


_HEADINGS: Final[Sequence[tuple[str, Callable[[Change], bool]]]] = (
    ("newly broken", lambda one: one.breaks and one.before is not Kept.NO),
    ("broken in more cases", lambda one: one.breaks and one.before is Kept.NO),
    ("newly broken, beyond the level judged", lambda one: one.is_worse and not one.binds),
    ("newly kept", lambda one: one.after is Kept.YES and one.before is Kept.NO),
    (
        "broken in fewer cases",
        lambda one: one.after is one.before is Kept.NO and bool(one.kept) and not one.is_worse,
    ),
    ("no longer judged", _is_lost),
    (
        "kept, and not judged before",
        lambda one: one.after is Kept.YES and one.before in (None, Kept.UNKNOWN),
    ),
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "changes",
        help="say what is newly broken and newly kept since an earlier result",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("before", type=Path, metavar="BEFORE.json")
    parser.add_argument("after", type=Path, metavar="AFTER.json")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    try:
        documents = {path: read(path) for path in (arguments.before, arguments.after)}
        found = changes(documents[arguments.before], documents[arguments.after])
    except (ReportError, ChangesError) as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return WRONG_USAGE
    for path in (arguments.before, arguments.after):
        print(named(path, documents[path]))
    for heading, belongs in _HEADINGS:
        _print(heading, [one for one in found if belongs(one)])
    broken = sum(one.breaks for one in found)
    lost = sum(_is_lost(one) for one in found)
    kept = sum(one.after is Kept.YES and one.before is Kept.NO for one in found)
    print(f"\n{broken} newly broken, {kept} newly kept, {lost} no longer judged")
    if broken:
        return NEWLY_BROKEN
    return NO_LONGER_JUDGED if lost else NOTHING_BROKEN


def _print(heading: str, found: Sequence[Change]) -> None:
    if not found:
        return
    print(f"\n{heading}:")
    for one in found:
        print(f"  {one.requirement} ({one.level})")
        lines = [f"{name}: {message}" for name, message in one.broken]
        lines += [f"{name}: passes now" for name in one.kept]
        for line in lines[:_SHOWN]:
            print(f"    {line}")
        if len(lines) > _SHOWN:
            print(f"    and {len(lines) - _SHOWN} more")

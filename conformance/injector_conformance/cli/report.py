"""``injector-conformance report``: one page of several results, side by side or over time."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

WRONG_USAGE: Final = 2

PAGE: Final = "index.html"

_DESCRIPTION: Final = """\
Make DIR/index.html: results of check --json side by side, requirement by requirement, with the
text of the specification. The page is one file that needs no network. Each injector is called by
its file's name without .json, or by its --name. With --history, one injector over time instead.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "report",
        help="show results side by side as one HTML page",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "results", nargs="*", type=Path, metavar="RESULT.json", help="output of check --json"
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="LABEL",
        help="what a result is called; once for each RESULT.json, in their order",
    )
    parser.add_argument(
        "--history",
        type=Path,
        metavar="DIR",
        help="instead: one injector over time, from all outputs of check --json in DIR",
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--ladder", type=Path, metavar="FILE", help="also show sizes (docs/ladder.json)"
    )
    parser.add_argument(
        "--bench", type=Path, metavar="FILE", help="also show speed (output of bench --json)"
    )
    for kind, what in (
        ("clients", "what real clients did"),
        ("cluster", "the story on a cluster"),
    ):
        parser.add_argument(
            f"--{kind}",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help=f"also show {what} (output of {kind} --json); may be repeated",
        )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    from injector_conformance.reports.html import compare  # noqa: PLC0415 - slow to load

    if (wrong := _misuse(arguments)) is not None:
        print(f"injector-conformance: {wrong}", file=sys.stderr)
        return WRONG_USAGE
    try:
        if arguments.history is not None:
            text = compare.over_time(arguments.history, arguments.name)
        else:
            text = compare.compare(
                arguments.results,
                arguments.ladder,
                arguments.bench,
                clients=arguments.clients,
                clusters=arguments.cluster,
                names=arguments.name,
            )
    except compare.ERRORS as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return WRONG_USAGE
    arguments.output.mkdir(parents=True, exist_ok=True)
    path: Path = arguments.output / PAGE
    path.write_text(text, encoding="utf-8")
    print(path)
    return 0


def _misuse(arguments: argparse.Namespace) -> str | None:
    """What does not go together; None if everything does."""
    if arguments.history is None:
        return None if arguments.results else "report: name a RESULT.json, or --history DIR"
    if arguments.results:
        return f"--history and {arguments.results[0]}: put it into the directory, or leave out one"
    for option in ("ladder", "bench", "clients", "cluster"):
        if getattr(arguments, option):
            return f"--history and --{option}: a page over time shows reports alone; leave out one"
    return None

"""``injector-conformance size``: what binaries weigh, and whether they fit."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from injector_conformance.cli import numbers
from injector_conformance.size.budgets import NOTE_BEST
from injector_conformance.size.compare import document, earlier_bytes, read_earlier
from injector_conformance.size.measure import Sizes, measure
from injector_conformance.size.table import render
from injector_conformance.specification.spec import Level, load
from injector_conformance.subjects.elf_refusals import SizeError

FITS: Final = 0
DOES_NOT_FIT: Final = 1
WRONG_USAGE: Final = 2

DESCRIPTION: Final = """\
Show bytes, headroom against the 1,048,576 bytes of a ConfigMap, base64 size, what the ELF file
says about itself, and where the bytes are. Judge it by chapter BIN of the specification.

Exit status: 0 every MUST holds; 1 a MUST of chapter BIN is broken, or a binary is over
--fail-over; 2 wrong usage, or a file that is no ELF file.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand ``size``; its :func:`run` becomes the ``run`` of the parsed arguments."""
    parser = subparsers.add_parser(
        "size",
        help="what binaries weigh, and whether they fit",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("binaries", nargs="+", metavar="BINARY", help="ELF files, side by side")
    parser.add_argument(
        "--machine",
        metavar="NAME",
        help="the machine that the binaries are for, as uname -m names it: "
        + ", ".join(NOTE_BEST),
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--fail-over",
        type=numbers.BYTES,
        metavar="BYTES",
        help="fail if a binary is larger than this",
    )
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="OLD.json",
        help="show the difference to an earlier output of --json",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, print, judge.

    Returns:
        The exit status: 0, 1 or 2, as the description says.
    """
    try:
        earlier = None if args.compare is None else read_earlier(args.compare)
        binaries = [measure(path, args.machine) for path in args.binaries]
    except SizeError as error:
        print(f"injector-conformance size: {error}", file=sys.stderr)
        return WRONG_USAGE
    if args.json:
        print(json.dumps(_document(binaries, earlier), indent=2))
    else:
        print(render(binaries, earlier), end="")
    too_large = _over(binaries, args.fail_over)
    for line in too_large:
        print(f"injector-conformance size: {line}", file=sys.stderr)
    requirements = load().requirements
    broken = any(
        requirements[judgement.requirement].level is Level.MUST and not judgement.passed
        for one in binaries
        for judgement in one.judgements
    )
    return DOES_NOT_FIT if broken or too_large else FITS


def _document(binaries: Sequence[Sizes], earlier: dict[str, int] | None) -> dict[str, Any]:
    content = document(binaries)
    if earlier is not None:
        alone = len(binaries) == 1
        for one, entry in zip(binaries, content["binaries"], strict=True):
            before = earlier_bytes(one.path, earlier, alone)
            entry["before"] = before
            entry["change"] = None if before is None else one.facts.size - before
    return content


def _over(binaries: Sequence[Sizes], limit: int | None) -> list[str]:
    return [
        f"{one.path}: {one.facts.size:,} bytes, {one.facts.size - limit:,} over --fail-over"
        for one in binaries
        if limit is not None and one.facts.size > limit
    ]

"""``injector-conformance schema``: the JSON schemas of what the other commands write."""

from __future__ import annotations

import argparse
from importlib import resources
from types import MappingProxyType
from typing import Final

SCHEMAS: Final = MappingProxyType(
    {
        "report": ("reports/schema.json", "check --json"),
        "bench": ("bench/schema.json", "bench --json"),
        "clients": ("clients/schema.json", "clients --json"),
        "cluster": ("cluster/schema.json", "cluster --json"),
        "lookup": ("cli/lookup.schema.json", "list --json and explain --json"),
    }
)
"""Where each schema lies in the package, and what it describes."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    what = "; ".join(f"{name} of {words}" for name, (_, words) in SCHEMAS.items())
    parser = subparsers.add_parser(
        "schema",
        help="print the JSON Schema of a report",
        description=f"Print a JSON Schema (draft 2020-12): {what}.",
    )
    parser.add_argument(
        "name",
        nargs="?",
        choices=tuple(SCHEMAS),
        default="report",
        metavar="NAME",
        help=f"{', '.join(SCHEMAS)} (default: report)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    place, _ = SCHEMAS[arguments.name]
    print((resources.files("injector_conformance") / place).read_text("utf-8"), end="")
    return 0

"""Command line options that several subcommands share."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Final

from injector_conformance.cli import numbers
from injector_conformance.profiles import STAGE1, UNIFIED
from injector_conformance.sandbox.drivers import AUTOMATIC, NAMES
from injector_conformance.sessions.session import DEADLINE, EMULATED_DEADLINE
from injector_conformance.specification.requirement import Level
from injector_conformance.subjects.subject import SubjectError

__all__ = [
    "AUTOMATIC",
    "DEADLINE",
    "add_command",
    "add_expose",
    "add_level",
    "add_sandbox",
    "add_selection",
    "add_skip",
    "command_of",
]

REFERENCES: Final = MappingProxyType(
    {STAGE1.id: "zarf_injector", UNIFIED.id: "zarf_injector.unified"}
)
"""The reference injector of each profile, as a module that is run like any other program."""

_RUNS_PER_PROCESSOR: Final = 2
"""Half of a run is waiting: for a new sandbox, for an answer, for what must not be answered."""


def add_command(parser: argparse.ArgumentParser) -> None:
    """The subject."""
    parser.add_argument(
        "command",
        nargs="*",
        metavar="COMMAND",
        help="after --: the injector with its own words; without --: the reference injector",
    )


def add_expose(parser: argparse.ArgumentParser) -> None:
    """What the subject sees of the host beside itself."""
    parser.add_argument(
        "--expose",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="show this path of the host to the subject, read-only; may be repeated",
    )


def command_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The subject's words; those of the profile's reference where nothing was said of a subject.

    Raises:
        SubjectError: there is a ``--`` and nothing behind it, as an unset variable leaves it. What
            was meant is not known, and the reference's verdict must never pass for its own.
    """
    if arguments.command:
        return tuple(arguments.command)
    if arguments.separated:
        raise SubjectError(
            "nothing stands behind --: is the variable that should name the injector empty?"
            " the reference injector is judged without --"
        )
    profile = getattr(arguments, "profile", STAGE1.id)
    # A profile that there is not is told so where it is looked up.
    return (sys.executable, "-m", REFERENCES.get(profile, REFERENCES[STAGE1.id]))


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Which cases."""
    parser.add_argument(
        "--profile",
        default="stage1",
        help="profile of SPEC.md: stage1 (default), or unified, in namespaces only",
    )
    parser.add_argument(
        "--requirement",
        action="append",
        default=[],
        metavar="ID",
        help="only cases of this requirement (TAR-3) or chapter (TAR); may be repeated",
    )
    parser.add_argument(
        "--case",
        action="append",
        default=[],
        metavar="ID",
        help="only this case, or those that match this pattern (gz-members-*); may be repeated",
    )


def add_skip(parser: argparse.ArgumentParser) -> None:
    """Which cases not."""
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="ID",
        help="none of this requirement or chapter, or not this case or pattern; may be repeated",
    )


def add_level(parser: argparse.ArgumentParser) -> None:
    """Which failures count."""
    parser.add_argument(
        "--level",
        type=str.upper,
        choices=[level.value for level in Level],
        default=Level.MUST.value,
        metavar="LEVEL",
        help="failures down to this level count: must, should or may (default: must)",
    )


def add_sandbox(parser: argparse.ArgumentParser) -> None:
    """Where and how the subject runs."""
    parser.add_argument(
        "--sandbox",
        choices=NAMES,
        default=AUTOMATIC,
        help="where the subject runs (default: namespaces; chroot is for trusted subjects only)",
    )
    parser.add_argument(
        "--image",
        metavar="NAME",
        help="for containers: alpine (default) or empty, pinned, or any image by its name",
    )
    parser.add_argument(
        "--platform",
        metavar="OS/ARCH",
        help="for containers: linux/amd64 or linux/arm64 (default: the injector's own)",
    )
    add_expose(parser)
    parser.add_argument(
        "--timeout",
        type=numbers.SECONDS,
        metavar="S",
        help="seconds that one run may take"
        f" (default: {DEADLINE:g}, emulated {EMULATED_DEADLINE:g})",
    )
    parser.add_argument(
        "--seed",
        metavar="HEX",
        help="make the payloads of an earlier run again, whose report has this seed",
    )
    parser.add_argument(
        "--jobs",
        type=numbers.Whole(1),
        default=_RUNS_PER_PROCESSOR * len(os.sched_getaffinity(0)),
        metavar="N",
        help="runs at the same time (default: two per processor)",
    )

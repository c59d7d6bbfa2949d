"""``injector-conformance --print-completion SHELL``: what a shell completes on the Tab key.

The script is written once, by shtab, and asks nobody when Tab is pressed: to start this program
for every Tab, as argcomplete does, would take half a second each time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from injector_conformance.profiles import JUDGEABLE
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level

SHELLS: Final = ("bash", "zsh", "fish")

OPTION: Final = "--print-completion"

_MISSING: Final = (
    f"{OPTION}: shtab is not installed; pip install 'injector-conformance[completion]'"
)


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add the option, which ends the program as ``--version`` does."""
    parser.add_argument(
        OPTION,
        action=_Print,
        choices=SHELLS,
        metavar="SHELL",
        help="print what completes this program's words in bash, zsh or fish",
    )


class _Print(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - argparse's
        values: Any,
        option_string: str | None = None,  # noqa: ARG002 - argparse's
    ) -> None:
        try:
            import shtab  # noqa: PLC0415 - an extra
        except ImportError:
            parser.error(_MISSING)
        describe(parser)
        print(shtab.complete(parser, shell=values))
        parser.exit()


def describe(parser: argparse.ArgumentParser) -> None:
    """Say what stands behind options and words where the parser itself leaves that open.

    It refuses a wrong profile or requirement later, with better words than a list of all.
    """
    known = spec.load()
    words = {
        "profile": sorted(JUDGEABLE),
        "level": [one.value.lower() for one in Level],
        "requirement": [*known.chapters, *known.requirements],
        "id": [*known.chapters, *known.requirements],
    }
    for one in _actions(parser):
        if one.dest in words and (one.dest != "id" or one.nargs is None):
            one.choices = words[one.dest]
        elif one.type is Path or one.dest == "command":
            is_directory = one.metavar == "DIR"
            one.complete = (  # type: ignore[attr-defined]
                "directory" if is_directory else "file"
            )


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for one in parser._actions:
        if isinstance(one, argparse._SubParsersAction):
            for below in one.choices.values():
                yield from _actions(below)
        else:
            yield one

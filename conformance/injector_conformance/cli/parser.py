"""A parser of the command line that answers a mistyped word in one line, with what was meant."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Final, NoReturn

from injector_conformance.run.catalogue import suggestion

WRONG_USAGE: Final = 2

_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


class Parser(argparse.ArgumentParser):
    """Complains in one line; the usage is what ``--help`` is for."""

    def error(self, message: str) -> NoReturn:
        """End with what is wrong."""
        self.exit(WRONG_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")

    def options(self) -> list[str]:
        """The long options."""
        return [*_OPTION.findall(self.format_usage()), "--help"]


def parsed(
    parser: Parser,
    commands: argparse._SubParsersAction[Parser],
    words: Sequence[str],
) -> argparse.Namespace:
    """Parse, and say of a word that nobody knows which one is like it."""
    first = words[0] if words else ""
    if first and not first.startswith("-") and first not in commands.choices:
        parser.error(f"no command {first}{suggestion(first, commands.choices)}")
    # argparse drops the "--"; whether there was one tells "no injector named" from "none meant".
    space = argparse.Namespace(separated="--" in words)
    arguments, unknown = parser.parse_known_args(words, space)
    if unknown:
        own = commands.choices.get(first, parser)
        word = unknown[0].partition("=")[0]
        hint = suggestion(word, own.options()) if word.startswith("-") else ""
        own.error(f"nothing is known of {word}{hint}")
    return arguments

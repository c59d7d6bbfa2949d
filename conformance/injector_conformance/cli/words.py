"""``python -m injector_conformance.cli.words PROGRAM WORD… [INJECTOR]``: what ``make check`` runs.

The words of the variable ``ARGS``, and behind ``--`` those of the variable that is named last, are
added to a program's own. They are split as a shell splits them, and no shell sees them: what is
behind a semicolon could otherwise end with 0 whatever the verdict was.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

OPTIONS: Final = "ARGS"
COMMAND: Final = "INJECTOR"
WRONG_USAGE: Final = 2

_OPERATORS: Final = frozenset(";&|<>()")
"""Of these a shell makes lists, pipes and files; here they could only be meant for one."""


class WordsError(Exception):
    """A variable that is no list of words; the message names it."""


def main(argv: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Replace this process by the program, or end it for wrong usage."""
    own = list(argv)
    variables = [own.pop()] if own and own[-1] == COMMAND else []
    try:
        words = [*own, *split(OPTIONS, environment.get(OPTIONS, ""))]
        for name in variables:
            words += ["--", *split(name, environment.get(name, ""))]
    except WordsError as error:
        sys.stderr.write(f"make check: {error}\n")
        sys.exit(WRONG_USAGE)
    os.execvpe(words[0], words, dict(environment))  # noqa: S606 - no shell is the point


def split(name: str, text: str) -> list[str]:
    """The words of a variable.

    Raises:
        WordsError: a quotation is left open, or it is more than one command.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise WordsError(
            f"{name} cannot be split into words: is a quotation left open?"
        ) from error
    for word in words:
        if word and _OPERATORS.issuperset(word):
            raise WordsError(f"{name} holds {word}: it is one command, and no shell reads it")
    return words


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)

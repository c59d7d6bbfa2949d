"""Reproduction lines: what to type to see one failure again, and get the same answer."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

NAME: Final = "injector-conformance"
"""The program, as it is called where it is installed."""


_PLACE: Final = "TMPDIR"
"""The variable that tells where stages lie that cannot lie in memory."""


def reproduction(words: Sequence[str], options: Sequence[str], command: Sequence[str]) -> str:
    """A shell line that judges again, with stages on the same file system.

    Args:
        words: what to judge, such as ``--case tar-x``.
        options: everything else that the answer depends on.
        command: the subject.
    """
    told = line([*program(), "check", *options, *words, "--", *command])
    place = os.environ.get(_PLACE)
    return f"{_PLACE}={_quoted(place)} {told}" if place else told


def line(words: Sequence[str]) -> str:
    """Words as one line that a shell reads as these words, whatever is in them."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if word.isprintable():
        return shlex.quote(word)
    # Control characters and bytes that are no text: as bash, zsh, ksh and POSIX.1-2024 write them.
    escaped = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\" else f"\\{byte:03o}"  # noqa: PLR2004 - printable ASCII
        for byte in os.fsencode(word)
    )
    return f"$'{escaped}'"


def program() -> tuple[str, ...]:
    """The words that start this very suite from here: its name only where PATH leads to it."""
    return _program(os.environ.get("PATH"), Path.cwd())


@cache
def _program(path: str | None, here: Path) -> tuple[str, ...]:
    """Looked for once: a report has thousands of lines."""
    own = Path(sys.executable).with_name(NAME)
    found = shutil.which(NAME, path=path)
    if found is not None and (not own.exists() or os.path.samefile(found, own)):
        return (NAME,)
    if not os.access(own, os.X_OK):
        return (sys.executable, "-m", "injector_conformance")
    relative = os.path.relpath(own, here)
    return (str(own) if relative.startswith(os.pardir) else relative,)

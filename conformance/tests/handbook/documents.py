"""What the documents have their readers type, and what they show of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).resolve().parents[3]
PROGRAM: Final = "injector-conformance"

_GENERATED: Final = {"cases.md", "kill-matrix.md", "zoo.md"}
DOCUMENTS: Final = [
    *sorted(TOP.glob("*.md")),
    TOP / "benchmarks" / "README.md",
    TOP / "fixtures" / "zoo" / "README.md",
    *sorted((TOP / "reference").glob("**/*.md")),
    *(one for one in sorted((TOP / "docs").glob("*.md")) if one.name not in _GENERATED),
]

_FENCE: Final = re.compile(r"(?ms)^```(\w*)[^\n]*\n(.*?)^```$")
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_PROMPT: Final = "$ "
CONSOLE: Final = "console"
"""The language of blocks that show what is typed, behind a prompt, and what is answered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One command line of a document.

    Attributes:
        document: its path below the checkout.
        line: what is typed, continuation lines joined; … in front of an option is the program.
        answer: the lines that are shown below it; none where it stands in the text.
        is_block: whether it stands in a block of its own, not in a sentence or a table.
    """

    document: str
    line: str
    answer: tuple[str, ...] = ()
    is_block: bool = False


@cache
def shown() -> tuple[Shown, ...]:
    """Every command line of every document; of several in one document that with most answer."""
    found: dict[tuple[str, str], Shown] = {}
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for one in (*_blocks(path, text), *_sentences(path, text)):
            known = found.get((one.document, one.line), one)
            found[one.document, one.line] = max(known, one, key=lambda each: len(each.answer))
    return tuple(found.values())


def _blocks(path: Path, text: str) -> Iterator[Shown]:
    for language, block in _FENCE.findall(text):
        if language != CONSOLE or not block.startswith(_PROMPT):
            continue
        for part in block.removeprefix(_PROMPT).split(f"\n{_PROMPT}"):
            line, *answer = re.sub(r"\\\n\s*", "", part).splitlines()
            yield Shown(_name(path), line, tuple(answer), is_block=True)


def _sentences(path: Path, text: str) -> Iterator[Shown]:
    for code in _INLINE.findall(_FENCE.sub("", text)):
        if code.startswith(("… check", f"{PROGRAM} ", "make ", "pytest ")):
            line = code.replace("…", PROGRAM, 1) if code.startswith("…") else code
            yield Shown(_name(path), line)


def fences(path: Path) -> Iterator[tuple[str, str]]:
    """Every block of a document: its language, empty where none is named, and its text."""
    yield from _FENCE.findall(path.read_text(encoding="utf-8"))


def sentences(path: Path) -> Iterator[str]:
    """Every piece of code in a document's sentences and tables."""
    yield from _INLINE.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))


def _name(path: Path) -> str:
    return str(path.relative_to(TOP))

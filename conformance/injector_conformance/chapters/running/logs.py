"""Names with control characters, and what is printed of them (RUN-3a)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control, Expectation
from injector_conformance.chapters.recipes import FAILS, FOLDER, Named, archived, control, fails_or
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"found\n"
_FORGED: Final = b"\nzarf-injector: everything was verified\n"
_CLEAR: Final = b"\x1b[2J"
_TITLE: Final = b"\x1b]0;title\x07"
_C1: Final = "\u009b2J".encode()

_AFTER: Final = tar.file(b"after", _DATA)
_ONLY_AFTER: Final[Named] = {b"after": _DATA}
_PLAIN: Final = control(_ONLY_AFTER, _AFTER)


def _shown(
    word: str,
    title: str,
    *members: bytes,
    unsaid: tuple[bytes, ...],
    expect: tuple[Expectation, ...],
    positive: Control,
    about: str = "TAR-13",
) -> Case:
    return Case(
        id=f"run-log-{word}",
        title=title,
        why="a line of the log is forged, or the terminal of whoever reads it is driven",
        origin="CWE-117; CWE-150",
        requirements=("RUN-3a", about),
        init=archived(*members, _AFTER),
        expect=expect,
        control=positive,
        unsaid=unsaid,
    )


def _entries(word: str, title: str, *names: bytes, unsaid: tuple[bytes, ...]) -> Case:
    """Files of these names, which are extracted or refused: chapter TAR is about that."""
    return _shown(
        word,
        title,
        *(tar.file(name, _DATA) for name in names),
        unsaid=unsaid,
        expect=fails_or({**dict.fromkeys(names, _DATA), **_ONLY_AFTER}),
        positive=_PLAIN,
    )


CASES: Final = (
    _entries(
        "newline",
        "a file whose name has a newline and a line of the log behind it",
        b"name" + _FORGED + b"rest",
        unsaid=(_FORGED,),
    ),
    _entries(
        "carriage-return",
        "a file whose name goes back to the beginning of the line",
        b"name\rover it",
        unsaid=(b"\rover it",),
    ),
    _entries(
        "escape-sequences",
        "files whose names clear the screen and set the title of the window",
        b"a" + _CLEAR,
        b"b" + _TITLE,
        unsaid=(_CLEAR, _TITLE),
    ),
    _entries(
        "backspaces",
        "a file whose name takes back what was printed before it",
        b"name\x08\x08\x08\x08\x7f",
        unsaid=(b"\x08", b"\x7f"),
    ),
    _entries(
        "c1",
        "a file whose name has a control character beyond ASCII, U+009B",
        b"c" + _C1,
        unsaid=(_C1,),
    ),
    _shown(
        "directory-and-links",
        "a directory, a hard link and a symbolic link with a newline in their names",
        tar.directory(b"d" + _FORGED + b"d/"),
        tar.file(b"f", _DATA),
        tar.hardlink(b"h" + _FORGED + b"h", b"f"),
        tar.symlink(b"s" + _FORGED + b"s", b"f"),
        unsaid=(_FORGED,),
        expect=fails_or(
            {
                b"d" + _FORGED + b"d": FOLDER,
                b"f": regular(_DATA, first_name=b"f"),
                b"h" + _FORGED + b"h": regular(_DATA, first_name=b"f"),
                b"s" + _FORGED + b"s": Symlink(b"f"),
                **_ONLY_AFTER,
            }
        ),
        positive=_PLAIN,
    ),
    _shown(
        "message",
        "a hard link with a newline in its name, to nothing: the message names it",
        tar.hardlink(b"h" + _FORGED + b"h", b"no" + _FORGED + b"where"),
        unsaid=(_FORGED,),
        expect=FAILS,
        positive=_PLAIN,
    ),
    _shown(
        "message-of-dotdot",
        "a name with .. and an escape sequence: skipped, or the message names it",
        tar.file(b"../" + _CLEAR, _DATA),
        about="BOX-3",
        unsaid=(_CLEAR,),
        expect=fails_or(_ONLY_AFTER),
        positive=_PLAIN,
    ),
    _shown(
        "message-of-special",
        "a FIFO with an escape sequence in its name: left out, or the message names it",
        tar.fifo(b"p" + _CLEAR),
        about="TAR-10",
        unsaid=(_CLEAR,),
        expect=fails_or(_ONLY_AFTER),
        positive=_PLAIN,
    ),
)

"""The same modes whatever the names are (MODE-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.modes.sample import PLAIN
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_fixtures import tar
from injector_fixtures.layout import InitDirectory

_DATA: Final = b"data\n"
_SHORT: Final = b"stand-in"
_MANY: Final = 1_100
_DEEP: Final = b"/".join(b"%d" % level for level in range(100))


def _named(
    word: str,
    title: str,
    *names: bytes,
    why: str = "whoever looks for files by a pattern, or hands names to a shell, misses some",
    origin: str = "the founding note's loop over glob",
) -> Case:
    """Files of these names, and directories of the same names with a file in each."""
    members = [
        *(tar.gnu_longname(name) + tar.file(_SHORT, _DATA, mode=0o600) for name in names),
        *(tar.gnu_longname(b"in/" + name) + tar.directory(_SHORT, mode=0o700) for name in names),
        *(
            tar.gnu_longname(b"in/" + name + b"/" + name) + tar.file(_SHORT, _DATA)
            for name in names
        ),
    ]
    tree: Named = {
        b"in": FOLDER,
        **dict.fromkeys(names, _DATA),
        **{b"in/" + name: FOLDER for name in names},
        **{b"in/" + name + b"/" + name: _DATA for name in names},
    }
    return Case(
        id=f"mode-name-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("MODE-3", "TAR-13"),
        init=archived(*members),
        expect=completes(tree),
        control=PLAIN,
    )


def _many() -> InitDirectory:
    return archived(*(tar.file(b"d/%d" % number, mode=0o600) for number in range(_MANY)))()


CASES: Final = (
    _named(
        "not-utf-8",
        "names that are not valid UTF-8",
        *(b"\xff", b"caf\xe9", b"\xc0\xaf", b"\xed\xb2\x80"),
        why="a library that reads names as text passes over those that are none",
        origin="catalogue S06",
    ),
    _named("hidden", "names that begin with a dot", b".f", b"..f", b"...", origin="catalogue S07"),
    _named(
        "glob",
        "names of glob characters",
        *(b"*", b"?", b"[a]", b"[!a]", b"{a,b}", b"**", b"[", b"]"),
        origin="catalogue S08",
    ),
    _named(
        "newline",
        "names with newlines, carriage returns, tabs and escape sequences",
        *(b"a\nb", b"\n", b"c\r", b"\td", b"\x1b[2J"),
        why="lists of names that are split at line ends hold other names",
        origin="catalogue S11",
    ),
    _named(
        "spaces",
        "names with spaces",
        *(b" ", b" a", b"b ", b"c  d"),
        why="lists of names that are split at spaces hold other names",
        origin="catalogue M10",
    ),
    _named(
        "like-an-option",
        "names that chmod(1) takes for options and modes",
        *(b"-R", b"--", b"-", b"--reference=f", b"0777", b"a+rwx"),
        why="a name that is handed to a command without -- changes what it does",
        origin="catalogue M09",
    ),
    _named(
        "shell",
        "names that a shell would not leave alone",
        *(b"'", b'"', b"\\", b"$HOME", b"`id`", b"$(id)", b";", b"&", b"|", b"#", b"!", b"~"),
        why="a name in a command line that is not quoted, or quoted the wrong way",
        origin="POSIX.1-2017, Shell Command Language, Quoting",
    ),
    _named(
        "longest",
        "names of 255 bytes",
        *(b"n" * 255, b"\xc3\xa4" * 127 + b"x"),
        why="a buffer for names is too small, or counts characters",
        origin="POSIX.1-2017, {NAME_MAX}; catalogue M11",
    ),
    Case(
        id="mode-name-deep",
        title="a file of mode 0600 below 100 directories of mode 0700",
        why="a walk stops at a certain depth, or at a path of a certain length",
        origin="catalogue S11, M15",
        requirements=("MODE-3",),
        init=archived(
            *(
                tar.gnu_longname(_DEEP[: end + 1]) + tar.directory(b"d/", mode=0o700)
                for end in (index for index, byte in enumerate(_DEEP) if byte == ord("/"))
            ),
            tar.gnu_longname(_DEEP + b"/f") + tar.file(b"f", _DATA, mode=0o600),
        ),
        expect=completes(
            {
                **{b"/".join(_DEEP.split(b"/")[: level + 1]): FOLDER for level in range(100)},
                _DEEP + b"/f": _DATA,
            }
        ),
        control=PLAIN,
    ),
    Case(
        id="mode-name-many",
        title="1,100 files of mode 0600 in one directory",
        why="more files than descriptors, or than fit on a command line, are there to be set",
        origin="the founding note's loop over glob",
        requirements=("MODE-3",),
        init=_many,
        expect=completes({b"d": FOLDER, **{b"d/%d" % number: b"" for number in range(_MANY)}}),
        control=PLAIN,
    ),
)

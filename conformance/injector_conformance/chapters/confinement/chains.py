"""Links that only together lead out, and links that were something else a moment ago (BOX-5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.confinement.attack import DATA, ONLY_AFTER, attack, file
from injector_conformance.chapters.recipes import FAILS, FOLDER, fails_or
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_COMPONENT: Final = b"d" * 247
_STEPS: Final = b"abcdefghijklmnop"
"""16 steps of 247 bytes: more than {PATH_MAX}, 4,096, when all of them are resolved."""

_SYMLOOP_MAX: Final = 40
"""Links that Linux follows in one path."""


def _chained(
    word: str,
    title: str,
    *members: bytes,
    why: str,
    origin: str,
    expect: tuple[Expectation, ...] = FAILS,
    requirements: tuple[str, ...] = ("BOX-5",),
    others: str = "",
) -> Case:
    return attack(
        f"box-chain-{word}",
        title,
        *members,
        why=why,
        origin=origin,
        requirements=requirements,
        harmless=(tar.directory(b"d/"), file(b"d/f"), tar.symlink(b"l", b"d")),
        becomes={b"d": FOLDER, b"d/f": DATA, b"l": Symlink(b"d")},
        expect=expect,
        others=others,
    )


def _long(name: bytes, target: bytes) -> bytes:
    """A symbolic link whose name and text may be long."""
    return tar.pax({b"path": name, b"linkpath": target}) + tar.symlink(b"stand-in", b"x")


def _path_max() -> Iterator[bytes]:
    """Directories with a short link to each, then a link that is longer than it seems."""
    path = b""
    for number in range(len(_STEPS)):
        step = _STEPS[number : number + 1]
        yield tar.pax({b"path": path + _COMPONENT + b"/"}) + tar.directory(b"stand-in")
        yield _long(path + step, _COMPONENT)
        path += _COMPONENT + b"/"
    short = b"/".join(_STEPS[number : number + 1] for number in range(len(_STEPS)))
    way_back = b"../" * len(_STEPS)
    yield _long(short + b"/" + b"l" * 254, way_back)
    yield _long(b"escape", short + b"/" + b"l" * 254 + b"/../canary")


_SWAP: Final = "the directory was checked, or is still remembered, when the link takes its place"

CASES: Final = (
    _chained(
        "path-max",
        "a link that leads out over short links to 16 directories of 247 bytes, then a file",
        *(*_path_max(), file(b"escape/file")),
        why="resolving stops without a word when the path grows beyond {PATH_MAX}; what is left"
        " of it looks as if it were inside",
        origin="CVE-2025-4517; catalogue L31",
        others="CPython's data filter writes outside on 3.8 to 3.13",
    ),
    _chained(
        "path-max-hardlink",
        "the same link, then a hard link through it",
        *(*_path_max(), tar.hardlink(b"h", b"escape/file")),
        why="the target is checked by resolving it, which gives up beyond {PATH_MAX}",
        origin="CVE-2025-4330",
        requirements=("BOX-2", "BOX-5"),
    ),
    _chained(
        "parents-of-links",
        "links a to d/.., b to a/.. and c to b/canary, then a file below c",
        *(tar.directory(b"d/"), tar.symlink(b"a", b"d/.."), tar.symlink(b"b", b"a/..")),
        *(tar.symlink(b"c", b"b/canary"), file(b"c/file")),
        why="as text a/.. is the output directory; for the kernel it is the directory above",
        origin="CVE-2025-45582",
        expect=fails_or(
            {
                b"a": Symlink(b"d/.."),
                b"b": Symlink(b"a/.."),
                b"c": FOLDER,
                b"c/file": DATA,
                b"d": FOLDER,
                **ONLY_AFTER,
            }
        ),
    ),
    _chained(
        "as-many-as-the-kernel-follows",
        "40 links in a row, the last one to ../canary, then a file below the first",
        *(tar.symlink(b"l%d" % n, b"l%d" % (n + 1)) for n in range(1, _SYMLOOP_MAX)),
        *(tar.symlink(b"l%d" % _SYMLOOP_MAX, b"../canary"), file(b"l1/file")),
        why="a resolver with a smaller limit gives up and lets the kernel go on",
        origin="path_resolution(7); RUSTSEC-2021-0080",
        expect=fails_or(
            {
                b"l1": FOLDER,
                b"l1/file": DATA,
                **{b"l%d" % n: Symlink(b"l%d" % (n + 1)) for n in range(2, _SYMLOOP_MAX)},
                b"l%d" % _SYMLOOP_MAX: Symlink(b"../canary"),
                **ONLY_AFTER,
            }
        ),
    ),
    _chained(
        "more-than-the-kernel-follows",
        "45 links in a row, the last one to ../canary; a second way in over the last ten",
        *(tar.symlink(b"l%d" % n, b"l%d" % (n + 1)) for n in range(1, 45)),
        *(tar.symlink(b"l45", b"../canary"), tar.symlink(b"in", b"l36"), file(b"in/file")),
        why="the first way ends in ELOOP, which is taken for a link that leads nowhere",
        origin="path_resolution(7)",
        expect=fails_or(
            {
                b"in": FOLDER,
                b"in/file": DATA,
                **{b"l%d" % n: Symlink(b"l%d" % (n + 1)) for n in range(1, 45)},
                b"l45": Symlink(b"../canary"),
                **ONLY_AFTER,
            }
        ),
    ),
    _chained(
        "loop-then-below",
        "two links to each other, then a file below one of them",
        *(tar.symlink(b"a", b"b"), tar.symlink(b"b", b"a"), file(b"a/f")),
        why="a resolver without a limit runs for ever",
        origin="path_resolution(7), ELOOP; catalogue L19",
        requirements=("BOX-5", "RUN-2"),
        expect=fails_or({b"a": FOLDER, b"a/f": DATA, b"b": Symlink(b"a"), **ONLY_AFTER}),
    ),
    _chained(
        "swap-full-directory",
        "a directory with a file, then a link of its name to ../canary, then a file below it",
        *(tar.directory(b"x/"), file(b"x/f"), tar.symlink(b"x", b"../canary"), file(b"x/file")),
        why=_SWAP,
        origin="RUSTSEC-2021-0080; catalogue L07",
        expect=fails_or({b"x": FOLDER, b"x/file": DATA, **ONLY_AFTER}),
    ),
    _chained(
        "swap-empty-directory",
        "an empty directory, then a link of its name to ../canary, then a file below it",
        *(tar.directory(b"x/"), tar.symlink(b"x", b"../canary"), file(b"x/file")),
        why=_SWAP,
        origin="RUSTSEC-2021-0080; catalogue L08",
        expect=fails_or({b"x": FOLDER, b"x/file": DATA, **ONLY_AFTER}),
    ),
    _chained(
        "swap-parent",
        "x/y/f, then x becomes a link to ../canary, then the file x/y/f again",
        *(file(b"x/y/f"), tar.symlink(b"x", b"../canary"), file(b"x/y/f")),
        why=_SWAP,
        origin="RUSTSEC-2021-0080",
        expect=fails_or({b"x": FOLDER, b"x/y": FOLDER, b"x/y/f": DATA, **ONLY_AFTER}),
    ),
    _chained(
        "swap-link",
        "a link to d inside, a file below it, then the same link to ../canary, then a file",
        *(tar.directory(b"d/"), tar.symlink(b"x", b"d"), file(b"x/f")),
        *(tar.symlink(b"x", b"../canary"), file(b"x/file")),
        why="where the link leads is remembered from its first use",
        origin="RUSTSEC-2021-0080",
        expect=fails_or({b"d": FOLDER, b"d/f": DATA, b"x": FOLDER, b"x/file": DATA, **ONLY_AFTER}),
    ),
    _chained(
        "swap-target",
        "a link x to d; d becomes a link to ../canary; then a file below x",
        *(tar.directory(b"d/"), tar.symlink(b"x", b"d"), tar.symlink(b"d", b"../canary")),
        file(b"x/file"),
        why="the link itself has not changed since it was checked; what it leads to has",
        origin="RUSTSEC-2021-0080",
        expect=fails_or(
            {b"d": Symlink(b"../canary"), b"x": FOLDER, b"x/file": DATA, **ONLY_AFTER}
        ),
    ),
    _chained(
        "swap-in-different-spelling",
        "a directory x, then a link named ./x// to ../canary, then a file below x",
        *(tar.directory(b"x/"), tar.symlink(b"./x//", b"../canary"), file(b"x/file")),
        why="what is remembered under one spelling of a name is not forgotten under another",
        origin="CVE-2021-37701, node-tar",
        expect=fails_or({b"x": FOLDER, b"x/file": DATA, **ONLY_AFTER}),
    ),
    _chained(
        "inside",
        "a link to a directory inside, then a file below the link",
        *(tar.directory(b"d/"), tar.symlink(b"l", b"d"), file(b"l/f")),
        why="a file that follows the link is in d; one that does not must be refused",
        origin="catalogue L29",
        expect=fails_or({b"d": FOLDER, b"d/f": DATA, b"l": Symlink(b"d"), **ONLY_AFTER}),
        others="CPython, GNU tar, Go and BusyBox follow it; Rust tar fails, bsdtar skips it",
    ),
    _chained(
        "inside-longer-than-the-kernel-follows",
        "45 links in a row to a directory inside, then a file below the first",
        *(tar.directory(b"d/"), *(tar.symlink(b"l%d" % n, b"l%d" % (n + 1)) for n in range(45))),
        *(tar.symlink(b"l45", b"d"), file(b"l0/f")),
        why="the kernel says ELOOP in the middle of the work",
        origin="path_resolution(7)",
        requirements=("BOX-5", "RUN-2"),
        expect=fails_or(
            {
                b"d": FOLDER,
                b"d/f": DATA,
                **{b"l%d" % n: Symlink(b"l%d" % (n + 1)) for n in range(45)},
                b"l45": Symlink(b"d"),
                **ONLY_AFTER,
            }
        ),
    ),
)

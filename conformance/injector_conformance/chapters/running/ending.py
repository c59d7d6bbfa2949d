"""How a run ends: status, crashes, messages (RUN-1, RUN-2, RUN-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Completes, Control, Expectation, Fails
from injector_conformance.chapters.recipes import (
    FAILS,
    Named,
    Recipe,
    archived,
    completes,
    control,
    fails_or,
    whole,
)
from injector_conformance.chapters.running.sample import (
    EVERYTHING,
    EVERYTHING_TREE,
    GOOD,
    MEMBERS,
    TREE,
    alike,
)
from injector_fixtures import deflate, golden, gzip, seeded, tar

_DATA: Final = b"data\n"
_GOOD: Final = Control(GOOD, TREE)
_STATUS: Final = "the main container is started on status 0, whatever is missing"
_CRASH: Final = "a crash is an accident: nobody knows what has been done by then"
_NOISE: Final = 64 * 1024


def _ends(
    word: str,
    title: str,
    init: Recipe,
    *requirements: str,
    why: str,
    origin: str,
    expect: tuple[Expectation, ...] = FAILS,
    positive: Control = _GOOD,
    others: str = "",
) -> Case:
    return Case(
        id=f"run-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=requirements,
        init=init,
        expect=expect,
        control=positive,
        others=others,
    )


_TWO: Final[Named] = {b"a": _DATA, b"z": _DATA}
_A: Final = tar.file(b"a", _DATA)
_Z: Final = tar.file(b"z", _DATA)
_BAD: Final = tar.hardlink(b"m", b"missing")
_TWO_FILES: Final = control(_TWO, _A, _Z)

_WHOLE: Final = gzip.tgz(*MEMBERS)
_HALF: Final = _WHOLE[: len(_WHOLE) // 2]

_WORST: Final = tar.with_checksum(b"\xff" * tar.BLOCK)
"""A header with a right checksum, and every other bit set: sizes are -1, names do not end."""

CASES: Final = (
    Case(
        id="run-golden",
        title="the golden payload completes with status 0",
        why="an injector that does everything and says that it failed stops the deployment",
        origin="the stage1 contract",
        requirements=("RUN-1",),
        init=lambda: golden.layouts()["subpath"],
        expect=(Completes(golden.tree()),),
    ),
    Case(
        id="run-everything",
        title="one of everything completes with status 0",
        why="a warning about something harmless must not become a status",
        origin="the stage1 contract",
        requirements=("RUN-1",),
        init=EVERYTHING,
        expect=(Completes(EVERYTHING_TREE),),
        control=alike(GOOD, TREE),
    ),
    _ends(
        "last-entry-fails",
        "many entries, the last of which cannot be made",
        archived(*MEMBERS, _BAD),
        "RUN-1",
        why=_STATUS,
        origin="Kubernetes, init containers",
    ),
    _ends(
        "first-entry-fails",
        "an entry that cannot be made, and good ones behind it",
        archived(_BAD, _A, _Z),
        "RUN-1",
        why="the status is that of the last entry",
        origin="Kubernetes, init containers",
        positive=_TWO_FILES,
    ),
    _ends(
        "middle-entry-fails",
        "an entry that cannot be made between good ones",
        archived(_A, _BAD, _Z),
        "RUN-1",
        why="the status is that of the last entry",
        origin="Kubernetes, init containers",
        positive=_TWO_FILES,
    ),
    _ends(
        "damage-behind-everything",
        "a whole archive in a stream whose trailer is cut off",
        whole(gzip.tgz(*MEMBERS)[:-8]),
        "GZ-6",
        why="everything that is wanted has been written by then, and nobody looks any further",
        origin="catalogue Z11",
    ),
    _ends(
        "noise",
        "64 KiB of noise as the payload",
        whole(seeded.noise("payload", _NOISE)),
        *("RUN-2", "GZ-8"),
        why=_CRASH,
        origin="the first test of every fuzzer",
    ),
    _ends(
        "noise-in-gzip",
        "64 KiB of noise where the archive should be",
        whole(gzip.member(seeded.noise("archive", _NOISE))),
        *("RUN-2", "TAR-8"),
        why=_CRASH,
        origin="the first test of every fuzzer",
    ),
    _ends(
        "noise-as-deflate",
        "64 KiB of noise where the compressed data should be",
        whole(gzip.member(b"", deflated=seeded.noise("deflate", _NOISE))),
        *("RUN-2", "GZ-4"),
        why=_CRASH,
        origin="the first test of every fuzzer",
    ),
    _ends(
        "all-bits-set",
        "a header of all ones with a right checksum",
        whole(gzip.member(_WORST + b"\xff" * tar.BLOCK * 20)),
        *("RUN-2", "TAR-12"),
        why="sizes are negative, names do not end, types do not exist, all at once",
        origin="catalogue N02, H12",
    ),
    _ends(
        "one-byte",
        "a payload of one byte",
        whole(b"\x1f"),
        *("RUN-2", "GZ-6"),
        why="the first read comes back with less than was asked for",
        origin="catalogue Z19",
    ),
    _ends(
        "truncated-everywhere",
        "a payload of which the second half is missing",
        whole(_HALF),
        *("RUN-2", "GZ-6"),
        why="the end comes in the middle of everything",
        origin="catalogue Z19, T02",
    ),
    _ends(
        "empty-link-target",
        "a symbolic link with an empty target",
        archived(_A, tar.symlink(b"l", b""), _Z),
        *("RUN-2", "TAR-7"),
        why=_CRASH,
        origin="catalogue L20",
        positive=_TWO_FILES,
        others="BusyBox dies of SIGSEGV; CPython 3.11 skips it in silence; bsdtar makes a file",
    ),
    _ends(
        "hard-link-to-itself",
        "a hard link whose target is its own name",
        archived(_A, tar.hardlink(b"h", b"h"), _Z),
        *("RUN-2", "TAR-7"),
        why="the target is removed to make place for the link, or looked for without an end",
        origin="POSIX.1-2017, link()",
        positive=_TWO_FILES,
    ),
    Case(
        id="run-hard-link-to-itself-existing",
        title="a file, then a hard link of the same name to itself",
        why="the file is removed to make place for the link to it, and is gone",
        origin="POSIX.1-2017, link(); GNU tar, files named twice on the command line",
        requirements=("TAR-7",),
        init=archived(_A, tar.hardlink(b"a", b"a"), _Z),
        expect=fails_or(_TWO),
        control=_TWO_FILES,
    ),
    Case(
        id="run-hard-links-in-a-ring",
        title="hard links to each other, neither of which is a file",
        why="each looks for the other without an end",
        origin="POSIX.1-2017, link()",
        requirements=("RUN-2", "TAR-7"),
        init=archived(tar.hardlink(b"h", b"i"), tar.hardlink(b"i", b"h"), _A, _Z),
        expect=FAILS,
        control=_TWO_FILES,
    ),
    _ends(
        "no-members",
        "an archive without members",
        archived(),
        "RUN-2",
        why="the first header is looked at although there is none",
        origin="SPEC.md, Left open; catalogue H15",
        expect=fails_or({}),
    ),
    _ends(
        "names-the-entry",
        "a hard link called lost-copy to a file that is not there: the message names it",
        archived(_A, tar.hardlink(b"lost-copy", b"missing"), _Z),
        *("RUN-3", "TAR-7"),
        why="whoever reads the log has to find out which entry is wrong",
        origin="SPEC.md, Decisions, Messages",
        expect=(Fails(says=(b"lost-copy",)),),
        positive=_TWO_FILES,
    ),
    _ends(
        "speaks-of-gzip",
        "a payload that is no gzip stream: there is a message",
        whole(b"PK\x03\x04" + bytes(100)),
        *("RUN-3", "GZ-8"),
        why="there is nobody in the container to ask",
        origin="SPEC.md, Decisions, Aborting counts as failing",
    ),
    _ends(
        "speaks-of-header",
        "a damaged header in the middle of the archive: there is a message",
        archived(_A, tar.header(b"m", checksum=1), _Z),
        *("RUN-3", "TAR-8"),
        why="there is nobody in the container to ask",
        origin="SPEC.md, Decisions, Aborting counts as failing",
        positive=_TWO_FILES,
    ),
    Case(
        id="run-stored-blocks",
        title="an archive in 30,000 stored blocks, most of them empty",
        why="a read that yields nothing is taken for the end, or each block costs a stack frame",
        origin="RFC 1951, section 3.2.4",
        requirements=("RUN-2", "GZ-1"),
        init=whole(
            gzip.member(
                tar.archive(_A, _Z),
                deflated=b"\0\0\0\xff\xff" * 30_000 + deflate.stored_stream(tar.archive(_A, _Z)),
            )
        ),
        expect=completes(_TWO),
    ),
)

"""Writes that fail: a full disk, a read-only directory, a limit on the size of files (RUN-8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Case, Completes, Conditions, Control
from injector_conformance.chapters.recipes import FAILS, FOLDER, Named, archived, tree
from injector_fixtures import tar
from injector_fixtures.layout import File
from injector_fixtures.tree import Symlink, regular

_KIBIBYTE: Final = 1024
_DISK: Final = 64 * _KIBIBYTE
_LIMIT: Final = 4096
_FULL: Final = Conditions(output="full")
_READ_ONLY: Final = Conditions(output="read-only")
_THERE: Final = {b"f": File(b"data\n", 0o755)}
_LIMITED: Final = Conditions(file_size_limit=_LIMIT)

_ENOSPC: Final = "POSIX.1-2017, write(), ENOSPC"
_EROFS: Final = "POSIX.1-2017, open(), EROFS"
_EFBIG: Final = "POSIX.1-2017, write(), EFBIG; setrlimit(2), RLIMIT_FSIZE"
_CUT: Final = "a file that is cut short is taken for whole and started"
_MISSING: Final = "an error of another call than write() goes unnoticed"


def _refused(
    word: str,
    title: str,
    conditions: Conditions,
    *members: bytes,
    leaves: Named,
    why: str,
    origin: str,
) -> Case:
    """What cannot be written fails; the control writes the same where it can."""
    return Case(
        id=f"run-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("RUN-8",),
        init=archived(*members),
        expect=FAILS,
        control=Control(
            archived(*members), tree(leaves), Conditions(existing=conditions.existing)
        ),
        conditions=conditions,
    )


def _file(
    word: str, title: str, conditions: Conditions, why: str, origin: str, *sizes: int
) -> Case:
    """Files of these sizes; the last one does not fit."""
    contents = {b"f%d" % number: b"%d" % number * size for number, size in enumerate(sizes)}
    members = [tar.file(name, content) for name, content in contents.items()]
    return _refused(word, title, conditions, *members, leaves=contents, why=why, origin=origin)


_LARGE: Final = _DISK - 4 * _KIBIBYTE

CASES: Final = (
    _file(
        "full-in-large-file",
        "a file of 256 KiB on a file system of 64 KiB",
        _FULL,
        _CUT,
        _ENOSPC,
        256 * _KIBIBYTE,
    ),
    _file(
        "full-before-small-file",
        "a file that fills the file system, then one of a single byte",
        _FULL,
        "what is buffered is written when the file is closed, and nobody looks at that error",
        f"{_ENOSPC}; close()",
        *(_DISK, 1),
    ),
    _file(
        "full-in-small-file",
        "a file that leaves 4 KiB, then one of 5,000 bytes",
        _FULL,
        "write() writes a part and says how much; who does not look loses the rest",
        f"{_ENOSPC}; write() may write less than asked",
        *(_LARGE, 5_000),
    ),
    _file(
        "full-among-many",
        "100 files of 1,000 bytes on a file system of 64 KiB",
        _FULL,
        "one file of many fails, and the status is that of the last one",
        _ENOSPC,
        *[1_000] * 100,
    ),
    _refused(
        "read-only-file",
        "a file, in a read-only output directory",
        _READ_ONLY,
        tar.file(b"f", b"data\n"),
        leaves={b"f": b"data\n"},
        why=_CUT,
        origin=_EROFS,
    ),
    _refused(
        "read-only-empty-file",
        "an empty file, in a read-only output directory",
        _READ_ONLY,
        tar.file(b"f"),
        leaves={b"f": b""},
        why="without data there is no write() to fail",
        origin=_EROFS,
    ),
    _refused(
        "read-only-directory",
        "a directory, in a read-only output directory",
        _READ_ONLY,
        tar.directory(b"d/"),
        leaves={b"d": FOLDER},
        why=_MISSING,
        origin="POSIX.1-2017, mkdir(), EROFS",
    ),
    _refused(
        "read-only-symlink",
        "a symbolic link to a file that is there, in a read-only output directory",
        replace(_READ_ONLY, existing=_THERE),
        tar.symlink(b"l", b"f"),
        leaves={b"f": b"data\n", b"l": Symlink(b"f")},
        why=_MISSING,
        origin="POSIX.1-2017, symlink(), EROFS",
    ),
    Case(
        id="run-read-only-hardlink",
        title="a hard link to a file that exists, in a read-only output directory",
        why=_MISSING,
        origin="POSIX.1-2017, link(), EROFS",
        requirements=("RUN-8",),
        init=archived(tar.file(b"f", b"data\n"), tar.hardlink(b"h", b"f")),
        expect=FAILS,
        control=Control(
            archived(tar.file(b"f", b"data\n"), tar.hardlink(b"h", b"f")),
            tree(
                {
                    b"f": regular(b"data\n", first_name=b"f"),
                    b"h": regular(b"data\n", first_name=b"f"),
                }
            ),
            Conditions(),
        ),
        conditions=_READ_ONLY,
    ),
    _file(
        "file-limit-in-large-file",
        "a file of 1 MiB where files may have 4,096 bytes",
        _LIMITED,
        _CUT,
        _EFBIG,
        MEBIBYTE,
    ),
    _file(
        "file-limit-last-byte",
        "a file of 4,097 bytes where files may have 4,096",
        _LIMITED,
        "write() writes 4,096 of 4,097 bytes and says so; who does not look loses the last one",
        f"{_EFBIG}; write() may write less than asked",
        _LIMIT + 1,
    ),
    _file(
        "file-limit-second-file",
        "a small file, then one of 10,000 bytes where files may have 4,096",
        _LIMITED,
        "an error that is kept for later is overwritten by the next success",
        _EFBIG,
        *(10, 10_000, 10),
    ),
    Case(
        id="run-file-limit-exact",
        title="two files of 4,096 bytes where files may have 4,096",
        why="a file that fits is refused, or one byte more than needed is written",
        origin=_EFBIG,
        requirements=("RUN-8",),
        init=archived(tar.file(b"a", bytes(_LIMIT)), tar.file(b"b", b"b" * _LIMIT)),
        expect=(Completes(tree({b"a": bytes(_LIMIT), b"b": b"b" * _LIMIT})),),
        control=Control(
            archived(tar.file(b"a", bytes(_LIMIT)), tar.file(b"b", b"b" * _LIMIT)),
            tree({b"a": bytes(_LIMIT), b"b": b"b" * _LIMIT}),
            Conditions(),
        ),
        conditions=_LIMITED,
    ),
)

"""Archives that end too early, in streams that are whole (TAR-9, TAR-9a).

The compressed stream and its checksum are right: the packer was stopped, not the transport. Cuts
are made at and around every boundary in the structure of a small archive.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import (
    FAILS,
    FOLDER,
    Named,
    completes,
    control,
    fails_or,
    whole,
)
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH, ONLY_AFTER
from injector_fixtures import gzip, tar
from injector_fixtures.tree import Symlink

_B: Final = tar.BLOCK
_DATA: Final = bytes(range(1, 201)) * 3
"""600 bytes without a zero: two blocks, the second with padding."""

_LONG: Final = b"n" * 150 + b"/" + b"n" * 149 + b"/" + b"n" * 250
"""551 bytes: two blocks of a long name."""

_FILE: Final = tar.file(b"f", _DATA)
_RECORD: Final = tar.pax({b"path": b"renamed"})
_NAME: Final = tar.gnu_longname(_LONG)
_TEXT: Final = tar.gnu_longlink(_LONG)
_LINK: Final = tar.symlink(b"l", b"stand-in", magic=tar.GNU)
_GLOBAL: Final = tar.pax({b"comment": b"c"}, typeflag=b"g")

_FILE_CONTROL: Final = control({**BOTH, b"f": _DATA}, BEFORE, _FILE, AFTER)
_RECORD_CONTROL: Final = control({b"renamed": _DATA, **ONLY_AFTER}, _RECORD, _FILE, AFTER)
_GLOBAL_CONTROL: Final = control({**BOTH, b"f": _DATA}, BEFORE, _GLOBAL, _FILE, AFTER)
_TEXT_CONTROL: Final = control({b"l": Symlink(_LONG), **ONLY_AFTER}, _TEXT, _LINK, AFTER)
_NAME_CONTROL: Final = control(
    {_LONG[:150]: FOLDER, _LONG[:300]: FOLDER, _LONG: _DATA, **ONLY_AFTER}, _NAME, _FILE, AFTER
)


def _cut(word: str, where: str, *members: bytes, at: int, positive: Control, origin: str) -> Case:
    """The members, and of the last one only the first ``at`` bytes."""
    *whole_ones, last = members
    return Case(
        id=f"tar-truncated-{word}",
        title=f"an archive that ends {where}",
        why="files are missing or cut short, and the injector says that all is well",
        origin=origin,
        requirements=("TAR-9",),
        init=whole(gzip.tgz(*whole_ones, last[:at], end=b"")),
        expect=FAILS,
        control=positive,
    )


def _in_file(word: str, where: str, at: int, origin: str) -> Case:
    return _cut(word, where, BEFORE, _FILE, at=at, positive=_FILE_CONTROL, origin=origin)


def _in_record(word: str, where: str, at: int) -> Case:
    return _cut(
        f"extended-header-{word}",
        where,
        BEFORE,
        _RECORD,
        at=at,
        positive=_RECORD_CONTROL,
        origin="catalogue T01 to T04 in an extended header",
    )


def _in_name(word: str, where: str, at: int) -> Case:
    return _cut(
        f"long-name-{word}",
        where,
        BEFORE,
        _NAME,
        at=at,
        positive=_NAME_CONTROL,
        origin="catalogue T01 to T04 in a long name",
    )


def _unended(word: str, title: str, *members: bytes, end: bytes, tree: Named) -> Case:
    return Case(
        id=f"tar-unended-{word}",
        title=title,
        why="archives of some writers cannot be read, though no file is missing",
        origin="catalogue T05, T06",
        requirements=("TAR-9a",),
        init=whole(gzip.tgz(*members, end=end)),
        expect=completes(tree),
        others="all readers that were tried accept it",
    )


CASES: Final = (
    _cut(
        "after-one-byte",
        "after its first byte",
        BEFORE,
        at=1,
        positive=control(BOTH, BEFORE, AFTER),
        origin="catalogue T01",
    ),
    _cut(
        "in-first-name",
        "in the name of its first header",
        tar.file(b"n" * 100),
        at=60,
        positive=control({b"n" * 100: b""}, tar.file(b"n" * 100)),
        origin="catalogue T01",
    ),
    _cut(
        "in-first-checksum",
        "in the checksum of its first header",
        BEFORE,
        at=152,
        positive=control(BOTH, BEFORE, AFTER),
        origin="catalogue T01",
    ),
    _in_file(
        "in-header", "in its second header, behind the fields that matter", 400, "catalogue T01"
    ),
    _in_file(
        "in-header-last-byte", "one byte before the end of a header", _B - 1, "catalogue T01"
    ),
    _in_file("before-data", "between a header and its data", _B, "catalogue T02"),
    _in_file("in-data", "in the first block of a file", _B + 100, "catalogue T02"),
    _in_file("at-data-block", "between two blocks of a file", 2 * _B, "catalogue T03"),
    _in_file("before-last-byte", "before the last byte of a file", _B + 599, "catalogue T03"),
    _in_file(
        "before-padding", "behind the last byte of a file: no padding", _B + 600, "catalogue T04"
    ),
    _in_file("in-padding", "in the padding of a file", _B + 700, "catalogue T04"),
    _in_file(
        "before-last-padding", "before the last byte of padding", 3 * _B - 1, "catalogue T04"
    ),
    _cut(
        "at-record",
        "at 10,240 bytes, in a file",
        tar.file(b"big", bytes(20000)),
        at=20 * _B,
        positive=control({b"big": bytes(20000)}, tar.file(b"big", bytes(20000))),
        origin="catalogue T03; a program that writes whole records was stopped",
    ),
    _in_record("in-header", "in the header of pax records", 300),
    _in_record("before-records", "between a pax header and its records", _B),
    _in_record("in-records", "in a pax record", _B + 9),
    _in_record("before-padding", "behind the last pax record: no padding", _B + 16),
    _in_record("alone", "between pax records and the member that they are for", 2 * _B),
    _in_name("in-header", "in the header of a long name", 300),
    _in_name("before-name", "between the header of a long name and the name", _B),
    _in_name("at-block", "between two blocks of a long name", 2 * _B),
    _in_name("before-padding", "behind a long name: no padding", _B + len(_LONG) + 1),
    _in_name("alone", "between a long name and the member that it is for", 3 * _B),
    _cut(
        "long-link-in-text",
        "in a long link text",
        BEFORE,
        _TEXT,
        at=_B + 100,
        positive=_TEXT_CONTROL,
        origin="catalogue T02 in a long link text",
    ),
    _cut(
        "long-link-alone",
        "between a long link text and the link that it is for",
        BEFORE,
        _TEXT,
        at=3 * _B,
        positive=_TEXT_CONTROL,
        origin="catalogue X09",
    ),
    _cut(
        "in-global-header",
        "in the records of a global header",
        BEFORE,
        _GLOBAL,
        at=_B + 5,
        positive=_GLOBAL_CONTROL,
        origin="catalogue T02 in a global header",
    ),
    _cut(
        "in-vendor-data",
        "in the data of a member that is passed over",
        BEFORE,
        tar.member(b"v", _DATA, typeflag=b"V"),
        at=_B + 100,
        # The label itself may be passed over, be a file or be refused (TAR-1).
        positive=control(BOTH, BEFORE, AFTER),
        origin="catalogue T02 where nothing is written",
    ),
    _cut(
        "in-zero-block",
        "in the middle of the first zero block",
        BEFORE,
        AFTER,
        tar.END,
        at=_B // 2,
        positive=control(BOTH, BEFORE, AFTER),
        origin="catalogue T10",
    ),
    _cut(
        "unaligned-tail",
        "with 300 bytes that are no header",
        BEFORE,
        AFTER,
        b"\xff" * _B,
        at=300,
        positive=control(BOTH, BEFORE, AFTER),
        origin="catalogue T10",
    ),
    Case(
        id="tar-truncated-in-second-zero-block",
        title="an archive that ends in its second zero block: complete, or a failure",
        why="a file is lost, or something else appears",
        origin="catalogue T06, T10",
        requirements=("TAR-9",),
        init=whole(gzip.tgz(BEFORE, AFTER, end=bytes(_B + 100))),
        expect=fails_or(BOTH),
        control=control(BOTH, BEFORE, AFTER),
    ),
    _unended("no-zero-block", "no zero block", BEFORE, AFTER, end=b"", tree=BOTH),
    _unended(
        "one-zero-block", "a single zero block at the end", BEFORE, AFTER, end=bytes(_B), tree=BOTH
    ),
    _unended(
        "after-directory",
        "no zero block behind a directory",
        BEFORE,
        tar.directory(b"d/"),
        end=b"",
        tree={b"before": b"before\n", b"d": FOLDER},
    ),
    _unended(
        "after-override",
        "one zero block behind a member with a pax path",
        _RECORD,
        _FILE,
        end=bytes(_B),
        tree={b"renamed": _DATA},
    ),
)

"""Types that no injector has a use for: vendors' own, and unknown ones (TAR-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case, Expectation
from injector_conformance.chapters.recipes import archived, completes, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import tar

_DATA: Final = b"the member's own data\n"
_WHY: Final = "it arrives as a file that is none, or its data is read as headers"
_SMUGGLED: Final = tar.file(b"smuggled", b"!")
_MADE_A_FILE: Final = "GNU tar and bsdtar make a file of it"
_UNKNOWN: Final = "POSIX.1-2017 pax, ustar: an unknown typeflag is a regular file"


def _passed_over(word: str, title: str, origin: str, *members: bytes, others: str = "") -> Case:
    return Case(
        id=f"tar-type-{word}",
        title=title,
        why=_WHY,
        origin=origin,
        requirements=("TAR-1",),
        init=archived(BEFORE, *members, AFTER),
        expect=completes(BOTH),
        others=others,
    )


def _unknown(typeflag: bytes, word: str) -> Case:
    return _lenient(
        f"unknown-{word}",
        f"a member of the unknown type {typeflag!r}: a regular file, or a failure",
        "catalogue H12; " + _UNKNOWN,
        tar.member(b"f", _DATA, typeflag=typeflag),
        expect=fails_or({**BOTH, b"f": _DATA}),
    )


def _lenient(
    word: str, title: str, origin: str, *members: bytes, expect: tuple[Expectation, ...]
) -> Case:
    return Case(
        id=f"tar-type-{word}",
        title=title,
        why=_WHY,
        origin=origin,
        requirements=("TAR-1",),
        init=archived(BEFORE, *members, AFTER),
        expect=expect,
        control=control(BOTH, BEFORE, AFTER),
    )


CASES: Final = (
    _passed_over(
        "volume-label",
        "a GNU volume label (V)",
        "catalogue G14",
        tar.member(b"label", typeflag=b"V", magic=tar.GNU),
    ),
    _passed_over(
        "dump-directory",
        "a GNU dump directory (D) with its list of names as data",
        "catalogue G13",
        tar.member(b"dumped/", b"Ynames\0Dmore\0\0", typeflag=b"D", magic=tar.GNU),
        others="GNU tar and bsdtar make the directory",
    ),
    _lenient(
        "multi-volume",
        "the continuation of a file from another volume (M): passed over, or a failure",
        "catalogue G15",
        tar.member(b"rest", _DATA, typeflag=b"M", magic=tar.GNU),
        expect=fails_or(BOTH),
    ),
    _passed_over(
        "old-long-name",
        "an old GNU member of renaming instructions (N)",
        "GNU tar manual, NAMES",
        tar.member(b"././@MaNgLeD_NaMeS", b"Rename a to b\n", typeflag=b"N", magic=tar.GNU),
        others=_MADE_A_FILE,
    ),
    _passed_over(
        "solaris-acl",
        "a Solaris access control list (A) before the file that it is for",
        "tar(1) of Solaris",
        tar.member(b"acl", b"1000003\0user::rwx\0", typeflag=b"A"),
        others="GNU tar makes a file of it",
    ),
    _passed_over(
        "star-inode",
        "star's inode metadata (I)",
        "star(5)",
        tar.member(b"inode", b"", typeflag=b"I"),
        others=_MADE_A_FILE,
    ),
    _passed_over(
        "unknown-vendor",
        "types from B to Z that nobody is known to use",
        "POSIX.1-2017 pax, ustar: A to Z are for vendors",
        *(
            tar.member(b"vendor", _DATA, typeflag=bytes([letter]))
            for letter in b"BCEFGHJOPQRTUWYZ"
        ),
        others=_MADE_A_FILE,
    ),
    _passed_over(
        "vendor-smuggling",
        "a vendor member whose data is a file's header and data",
        "CVE-2025-62518 for vendor types",
        tar.member(b"vendor", _SMUGGLED, typeflag=b"Z"),
        others=_MADE_A_FILE,
    ),
    _passed_over(
        "vendor-with-pax",
        "a vendor member with a pax path and size of its own",
        "POSIX.1-2017 pax, x with A to Z",
        tar.pax({b"path": b"renamed", b"size": b"1024"}),
        tar.member(b"vendor", _SMUGGLED, typeflag=b"Z", size=0),
        others=_MADE_A_FILE,
    ),
    _unknown(b"8", "8"),
    _unknown(b"a", "lower-case"),
    _unknown(b"\xff", "high-byte"),
    _lenient(
        "unknown-smuggling",
        "a member of an unknown type whose data is a file's header and data",
        "catalogue H12; CVE-2025-62518",
        tar.member(b"f", _SMUGGLED, typeflag=b"9"),
        expect=fails_or({**BOTH, b"f": _SMUGGLED}),
    ),
)

"""Types that no injector has a use for: vendors' own, and unknown ones (TAR-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.recipes import FOLDER, Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import tar

_DATA: Final = b"the member's own data\n"
_NAMES: Final = b"Ynames\0Dmore\0\0"
_MANGLED: Final = b"././@MaNgLeD_NaMeS"
_ACL: Final = b"1000003\0user::rwx\0"
_WHY: Final = "it arrives as a file that is none, or its data is read as headers"
_SMUGGLED: Final = tar.file(b"smuggled", b"!")
_MADE_A_FILE: Final = "GNU tar and bsdtar make a file of it"
_UNKNOWN: Final = "POSIX.1-2017 pax, ustar: an unknown typeflag is a regular file"


def _vendor(
    word: str, title: str, origin: str, *members: bytes, arrives: Named, others: str = ""
) -> Case:
    """A member of a vendor's type: passed over, as a file, or a failure; nothing else changes."""
    return _lenient(
        word,
        f"{title}: passed over, a file, or a failure",
        origin,
        *members,
        expect=fails_or(BOTH, {**BOTH, **arrives}),
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
    word: str,
    title: str,
    origin: str,
    *members: bytes,
    expect: tuple[Expectation, ...],
    others: str = "",
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
        others=others,
    )


CASES: Final = (
    _vendor(
        "volume-label",
        "a GNU volume label (V)",
        "catalogue G14",
        tar.member(b"label", typeflag=b"V", magic=tar.GNU),
        arrives={b"label": b""},
    ),
    _lenient(
        "dump-directory",
        "a GNU dump directory (D) with its list of names as data",
        "catalogue G13",
        tar.member(b"dumped/", _NAMES, typeflag=b"D", magic=tar.GNU),
        expect=fails_or(BOTH, {**BOTH, b"dumped": FOLDER}, {**BOTH, b"dumped": _NAMES}),
        others="GNU tar and bsdtar make the directory",
    ),
    _vendor(
        "multi-volume",
        "the continuation of a file from another volume (M)",
        "catalogue G15",
        tar.member(b"rest", _DATA, typeflag=b"M", magic=tar.GNU),
        arrives={b"rest": _DATA},
    ),
    _vendor(
        "old-long-name",
        "an old GNU member of renaming instructions (N)",
        "GNU tar manual, NAMES",
        tar.member(_MANGLED, b"Rename a to b\n", typeflag=b"N", magic=tar.GNU),
        arrives={b"@MaNgLeD_NaMeS": b"Rename a to b\n"},
        others=_MADE_A_FILE,
    ),
    _vendor(
        "solaris-acl",
        "a Solaris access control list (A) before the file that it is for",
        "tar(1) of Solaris",
        tar.member(b"acl", _ACL, typeflag=b"A"),
        arrives={b"acl": _ACL},
        others="GNU tar makes a file of it",
    ),
    _vendor(
        "star-inode",
        "star's inode metadata (I)",
        "star(5)",
        tar.member(b"inode", b"", typeflag=b"I"),
        arrives={b"inode": b""},
        others=_MADE_A_FILE,
    ),
    _vendor(
        "unknown-vendor",
        "types from B to Z that nobody is known to use",
        "POSIX.1-2017 pax, ustar: A to Z are for vendors",
        *(
            tar.member(b"vendor", _DATA, typeflag=bytes([letter]))
            for letter in b"BCEFGHJOPQRTUWYZ"
        ),
        arrives={b"vendor": _DATA},
        others=_MADE_A_FILE,
    ),
    _vendor(
        "vendor-smuggling",
        "a vendor member whose data is a file's header and data",
        "CVE-2025-62518 for vendor types",
        tar.member(b"vendor", _SMUGGLED, typeflag=b"Z"),
        arrives={b"vendor": _SMUGGLED},
        others=_MADE_A_FILE,
    ),
    _vendor(
        "vendor-with-pax",
        "a vendor member with a pax path and size of its own",
        "POSIX.1-2017 pax, x with A to Z",
        tar.pax({b"path": b"renamed", b"size": b"1024"}),
        tar.member(b"vendor", _SMUGGLED, typeflag=b"Z", size=0),
        arrives={b"renamed": _SMUGGLED},
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

"""Number fields that two readers read in two ways: one rule for all (TAR-12, TAR-8).

What one reader takes for the data of a file is a header to another: here it is a file of its own.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FAILS, Named, archived, completes, control
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar

_HIDDEN: Final = tar.file(b"smuggled", b"!")
"""The data of a file of 1,024 bytes, 2000 in octal; to who reads its size as 0, a member."""

_DATA: Final = b"12345"
_ORDINARY: Final = tar.header(b"f", size=len(_DATA))
_POSIX: Final = "POSIX.1-2017 pax, ustar: digits, then spaces or NULs"
_VAGUE: Final = "GNU tar and Go read the digits, bsdtar, BusyBox and CPython zero"


def _size_read_twice(
    word: str, title: str, field: bytes, origin: str = _POSIX, others: str = ""
) -> Case:
    """A size field of which some see the digits, and some nothing or other digits."""
    return Case(
        id=f"tar-field-size-{word}",
        title=f"a size field with {title}",
        why="one reader sees a file, another one the members that are hidden in its data",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(tar.member(b"f", _HIDDEN, size=field), AFTER),
        expect=FAILS,
        control=control({b"f": _HIDDEN, **ONLY_AFTER}, tar.file(b"f", _HIDDEN), AFTER),
        others=others,
    )


def _size_of_a_pax_header(word: str, title: str, field: bytes) -> Case:
    records = tar.padded(tar.record(b"path", b"named"))
    tree: Named = {b"named": _DATA, **ONLY_AFTER}
    member = tar.file(b"f", _DATA)
    header = tar.header(b"PaxHeaders/f", typeflag=b"x", size=field)
    return Case(
        id=f"tar-field-size-of-extended-header-{word}",
        title=f"an extended header whose size field has {title}",
        why="one reader sees records, another one a damaged header",
        origin=_POSIX,
        requirements=("TAR-12",),
        init=archived(header, records, member, AFTER),
        expect=FAILS,
        control=control(tree, tar.pax({b"path": b"named"}), member, AFTER),
    )


def _size_written(word: str, title: str, field: bytes, origin: str = _POSIX) -> Case:
    return Case(
        id=f"tar-field-size-{word}",
        title=f"a size field with {title}",
        why="archives of another program cannot be read, or their files have another length",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(tar.member(b"f", _HIDDEN, size=field), AFTER),
        expect=completes({b"f": _HIDDEN, **ONLY_AFTER}),
    )


def _sum_malformed(word: str, title: str, form: bytes, origin: str = _POSIX) -> Case:
    """A checksum field with the right digits, and something with them that makes it malformed."""
    raw = form % tar.checksum(_ORDINARY)
    return Case(
        id=f"tar-field-checksum-{word}",
        title=f"a checksum field with {title}",
        why="who reads a sum in any way that fits is told less by it than by one that is wrong",
        origin=origin,
        requirements=("TAR-8",),
        init=archived(tar.with_field(_ORDINARY, "checksum", raw), tar.padded(_DATA), AFTER),
        expect=FAILS,
        control=control({b"f": _DATA, **ONLY_AFTER}, _ORDINARY, tar.padded(_DATA), AFTER),
    )


def _zero_padded(length: int, key: bytes, value: bytes) -> bytes:
    """A record whose length has ``length`` digits."""
    rest = b" " + key + b"=" + value + b"\n"
    return b"%0*d" % (length, length + len(rest)) + rest


def _leading_zeros(word: str, title: str, header: bytes, tree: Named) -> Case:
    return Case(
        id=f"tar-zeros-{word}",
        title=title,
        why="archives of writers with fields of fixed width cannot be read",
        origin="POSIX.1-2017 pax, Extended Header: decimal numbers; Go, pax-pos-size-file.tar",
        requirements=("TAR-12",),
        init=archived(header, tar.member(b"f", _HIDDEN, size=0), AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
    )


_SIZE: Final = b"1024"
_FUZZED: Final = "Go archive/tar, fuzzing corpus"
_OVERFLOWN: Final = (
    "archives of tar programs whose field before overflowed; Go and GNU tar read them"
)

CASES: Final = (
    _size_read_twice(
        "nul-first", "a NUL before its digits", b"\0" + b"0000002000\0", _OVERFLOWN, _VAGUE
    ),
    _size_read_twice(
        "nuls-first",
        "seven NULs before its digits",
        bytes(7) + b"2000\0",
        "libarchive, test_read_format_tar; only Go still reads the digits",
        "Go reads the digits, all others zero",
    ),
    _size_read_twice(
        "spaces-and-nul-first", "spaces and a NUL before its digits", b"    \0   2000", _FUZZED
    ),
    _size_read_twice("nul-amid", "digits, a NUL, and more digits", b"0\x002000", _FUZZED),
    _size_read_twice("digit-behind-nul", "a digit behind the NUL", b"000002000\0" + b"1"),
    _size_read_twice("letters-behind-nul", "letters behind the NUL", b"2000\0junk", _FUZZED),
    _size_read_twice("space-amid", "digits, a space, and more digits", b"0 2000"),
    _size_read_twice("tab-first", "a tab before its digits", b"\t2000", "isspace() of C"),
    _size_read_twice("tab-behind", "a tab behind its digits", b"2000\t", "isspace() of C"),
    _size_read_twice("newline-first", "a newline before its digits", b"\n2000", "isspace() of C"),
    _size_read_twice("plus-sign", "a plus sign", b"+2000", "strtol() of C; int() of Python"),
    _size_read_twice("comma-behind", "a comma behind its digits", b"2000,", "strtol() of C"),
    _size_of_a_pax_header("nul-first", "a NUL before its digits", b"\0" + b"0000000016\0"),
    _size_of_a_pax_header("junk-behind", "letters behind the NUL", b"16\0junk"),
    _size_written("spaces-around", "spaces before its digits and behind", b"   2000     "),
    _size_written("nul-and-space-behind", "NULs and spaces in turn behind", b"2000\0 \0 \0   "),
    _size_written("eight-digits", "eight digits and a NUL", b"00002000\0", "Unix V7 tar"),
    _sum_malformed("nul-first", "a NUL before its digits", b"\0%06o\0"),
    _sum_malformed(
        "digit-behind-nul",
        "a digit behind the NUL",
        b"%06o\x000",
        "Apache Commons Compress, COMPRESS-707",
    ),
    _sum_malformed("letter-behind-nul", "a letter behind the NUL", b"%06o\0x"),
    _sum_malformed("tab-first", "a tab before its digits", b"\t%06o\0"),
    _sum_malformed("plus-sign", "a plus sign", b"+%06o\0", "int() of Python, strtol() of C"),
    _sum_malformed("letter-behind", "a letter behind its digits", b"%06ox\0", "strtol() of C"),
    _leading_zeros(
        "size-of-24-digits",
        "a pax size of 24 digits, most of them leading zeros",
        tar.pax({b"size": _SIZE.rjust(24, b"0")}),
        {b"f": _HIDDEN},
    ),
    _leading_zeros(
        "size-of-400-digits",
        "a pax size of 400 digits, most of them leading zeros",
        tar.pax({b"size": _SIZE.rjust(400, b"0")}),
        {b"f": _HIDDEN},
    ),
    _leading_zeros(
        "length-of-3-digits",
        "a record whose length has a leading zero",
        tar.pax(_zero_padded(3, b"size", _SIZE)),
        {b"f": _HIDDEN},
    ),
    _leading_zeros(
        "length-of-20-digits",
        "a record whose length has 20 digits, and a path behind it",
        tar.pax(_zero_padded(20, b"size", _SIZE) + tar.record(b"path", b"named")),
        {b"named": _HIDDEN},
    ),
    _leading_zeros(
        "length-of-200-digits",
        "a record whose length has 200 digits",
        tar.pax(_zero_padded(200, b"size", _SIZE)),
        {b"f": _HIDDEN},
    ),
)

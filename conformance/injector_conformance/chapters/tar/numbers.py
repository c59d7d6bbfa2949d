"""Numeric fields: right and wrong ways of writing a size, and the other numbers (TAR-12)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import (
    FAILS,
    FOLDER,
    Named,
    archived,
    completes,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tar import Fields

_DATA: Final = b"12345"
_TREE: Final[Named] = {b"f": _DATA, **ONLY_AFTER}
_EMPTY: Final[Named] = {b"f": b"", **ONLY_AFTER}
_PLAIN: Final = control(_TREE, tar.file(b"f", _DATA), AFTER)
_PAX: Final = control(_TREE, tar.pax({b"size": b"5"}), tar.file(b"f", _DATA), AFTER)


def _size_is(word: str, title: str, field: bytes, origin: str) -> Case:
    return Case(
        id=f"tar-number-size-{word}",
        title=f"a size written {title}",
        why="the file is refused, or has another length",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(tar.file(b"f", _DATA, size=field), AFTER),
        expect=completes(_TREE),
    )


def _no_size(
    word: str, title: str, field: bytes, origin: str = "catalogue X20, in a header"
) -> Case:
    return Case(
        id=f"tar-number-size-{word}",
        title=f"a header size that is {title}",
        why="readers that mend the number in different ways see different members",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(tar.file(b"f", _DATA, size=field), AFTER),
        expect=FAILS,
        control=_PLAIN,
    )


def _no_pax_size(word: str, title: str, value: bytes, origin: str = "catalogue X20") -> Case:
    return Case(
        id=f"tar-number-pax-size-{word}",
        title=f"a pax size that is {title}",
        why="readers that mend the number in different ways see different members",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(tar.pax({b"size": value}), tar.file(b"f", _DATA), AFTER),
        expect=FAILS,
        control=_PAX,
    )


def _ignored(word: str, title: str, origin: str, fields: Fields) -> Case:
    """A number that an injector has no use for, and that is none or out of all bounds."""
    return Case(
        id=f"tar-number-{word}",
        title=title,
        why="the injector crashes on a field that it need not read, or the file is lost",
        origin=origin,
        requirements=("TAR-1",),
        init=archived(tar.file(b"f", _DATA, **fields), AFTER),
        expect=fails_or(_TREE),
        control=_PLAIN,
    )


def _malformed(field: str, fields: Fields) -> Case:
    title = f"a {field} that is no number: ignored, or a failure"
    return _ignored(f"{field}-malformed", title, "catalogue N14, N15", fields)


def _harmless(word: str, title: str, origin: str, fields: Fields) -> Case:
    return Case(
        id=f"tar-number-{word}",
        title=title,
        why="a number that only somebody else needs stops the injection",
        origin=origin,
        requirements=("TAR-1", "TAR-2"),
        init=archived(
            tar.file(b"f", _DATA, **fields),
            tar.directory(b"d/", **fields),
            AFTER,
        ),
        expect=completes({**_TREE, b"d": FOLDER}),
    )


CASES: Final = (
    _size_is("base-256", "in base 256", tar.base256(5, 12), "catalogue N01"),
    _size_is("spaces-first", "with leading spaces", b"          5 ", "catalogue N10; Unix V7"),
    _size_is("twelve-digits", "with twelve digits", b"000000000005", "catalogue N11"),
    _size_is(
        "short", "with one digit and NULs", b"5", "POSIX.1-2017 pax, ustar: digits, then NUL"
    ),
    _size_is("space-last", "with eleven digits and a space", b"00000000005 ", "POSIX.1-2017 pax"),
    _no_size("minus-1", "-1 in base 256", tar.base256(-1, 12), "catalogue N02"),
    _no_size(
        "minus-512",
        "-512: the same header again and again",
        tar.base256(-512, 12),
        "catalogue N03",
    ),
    _no_size("minus-2-to-63", "-2^63", tar.base256(-(2**63), 12), "catalogue N03"),
    _no_size("eleven-sevens", "8 GiB less a byte", b"77777777777\0", "catalogue N04"),
    _no_size("twelve-sevens", "64 GiB less a byte", b"777777777777", "catalogue N04"),
    _no_size(
        "2-to-63-less-1",
        "2^63 - 1, which padding overflows",
        tar.base256(2**63 - 1, 12),
        "catalogue N05",
    ),
    _no_size(
        "2-to-64-less-1", "2^64 - 1: -1 in 64 bits", tar.base256(2**64 - 1, 12), "catalogue N06"
    ),
    _no_size(
        "2-to-64-and-5", "2^64 + 5: 5 in 64 bits", tar.base256(2**64 + 5, 12), "catalogue N06"
    ),
    _no_size(
        "2-to-32-and-5", "2^32 + 5: 5 in 32 bits", tar.base256(2**32 + 5, 12), "catalogue N04"
    ),
    _no_size("2-to-80", "2^80", tar.base256(2**80, 12), "catalogue N07"),
    _no_size("letter-behind", "a number with a letter behind it", b"0000000005x\0"),
    _no_size("letters", "letters", b"five"),
    _no_size("digit-8", "decimal: 8 is no octal digit", b"00000000008\0"),
    _no_size("minus-sign", "a number with a minus sign", b"-0000000005\0"),
    _no_size("hexadecimal", "hexadecimal", b"0x00000005\0"),
    _no_size("binary", "binary without the mark of base 256", b"\1\0\0\0\0\0\0\0\0\0\0\5"),
    Case(
        id="tar-number-size-blank",
        title="a size field of spaces: zero, or a failure",
        why="the next header is taken for data, or the file is lost",
        origin="catalogue N09",
        requirements=("TAR-12",),
        init=archived(tar.file(b"f", size=b" " * 12), AFTER),
        expect=fails_or(_EMPTY),
        control=control(_EMPTY, tar.file(b"f"), AFTER),
    ),
    _no_pax_size("minus-1", "-1", b"-1", "catalogue X19"),
    _no_pax_size("minus-512", "-512", b"-512", "catalogue X19"),
    _no_pax_size("letter-behind", "5x", b"5x"),
    _no_pax_size("letters", "a word", b"five"),
    _no_pax_size("hexadecimal", "hexadecimal", b"0x5"),
    _no_pax_size("fraction", "a fraction", b"5.5"),
    _no_pax_size("two-numbers", "two numbers", b"5 5"),
    _no_pax_size("plus-sign", "a number with a plus sign", b"+5", "catalogue X20; Rust's parse()"),
    _no_pax_size("space-first", "a number with a space before it", b" 5", "catalogue X20; strtol"),
    _no_pax_size("newline-behind", "a number with a newline behind it", b"5\n", "Python's int()"),
    _no_pax_size("underscore", "a number with an underscore in it", b"0_5", "Python's int()"),
    Case(
        id="tar-number-pax-size-of-nothing",
        title="a pax size that is a word, on a file without data",
        why="a size that is taken for zero where it is none cuts every other file to nothing",
        origin="catalogue X20; atoi",
        requirements=("TAR-12",),
        init=archived(tar.pax({b"size": b"none"}), tar.file(b"f"), AFTER),
        expect=FAILS,
        control=control(_EMPTY, tar.pax({b"size": b"0"}), tar.file(b"f"), AFTER),
    ),
    _no_pax_size("2-to-63", "2^63: -2^63 in 64 bits", b"9223372036854775808", "catalogue N05"),
    _no_pax_size(
        "2-to-64-and-5", "2^64 + 5: 5 in 64 bits", b"18446744073709551621", "catalogue N06"
    ),
    _no_pax_size("30-digits", "a number of 30 digits", b"1" * 30, "catalogue N07"),
    _no_pax_size("5000-digits", "a number of 5,000 digits", b"1" * 5000, "quadratic conversions"),
    _malformed("mode", {"mode": b"rwxr-xr"}),
    _malformed("mtime", {"mtime": b"yesterday"}),
    _malformed("uid", {"uid": b"root"}),
    _malformed("gid", {"gid": b"99999999"}),
    _malformed("device-numbers", {"devmajor": b"x", "devminor": b"-1"}),
    _harmless(
        "mtime-negative", "a time before 1970", "catalogue N12", {"mtime": tar.base256(-1, 12)}
    ),
    _harmless(
        "mtime-huge",
        "a time in the far future, in base 256",
        "catalogue N13",
        {"mtime": tar.base256(2**40, 12)},
    ),
    _harmless(
        "owners-huge",
        "owner and group of more than seven octal digits, in base 256",
        "GNU tar manual, Extensions; users of large directories",
        {"uid": tar.base256(2**31, 8), "gid": tar.base256(2**31, 8)},
    ),
    _ignored(
        "fields-blank",
        "all numbers but the size left out, as NULs and as spaces: ignored, or a failure",
        "catalogue N09",
        {"mode": b"", "uid": b" " * 8, "gid": b"", "mtime": b" " * 12, "devmajor": b" " * 8},
    ),
    _ignored(
        "mtime-2-to-80",
        "a time 2^80 seconds after 1970: ignored, or a failure",
        "catalogue N13, N14",
        {"mtime": tar.base256(2**80, 12)},
    ),
)

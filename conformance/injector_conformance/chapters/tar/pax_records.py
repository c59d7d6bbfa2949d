"""Pax records: the awkward lengths that are right (TAR-1), and the ones that are not (TAR-12).

A record is ``LENGTH KEY=VALUE`` and a newline; the length counts its own digits, so that no record
can have 10, 100 or 1,000 bytes when one digit less would do.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.recipes import (
    FAILS,
    Named,
    archived,
    completes,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar

_DATA: Final = b"found\n"
_FILE: Final = tar.file(b"stand-in", _DATA)


def _named(name: bytes) -> Named:
    return {name: _DATA, **ONLY_AFTER}


_AS_IN_HEADER: Final = _named(b"stand-in")


def _awkward(length: int, origin: str = "POSIX.1-2017 pax, Extended Header") -> Case:
    """A path record of ``length`` bytes in all, one that fills its digits."""
    name = b"n" * (length - len(b" path=\n") - len(str(length)))
    if tar.record(b"path", name)[:4].split(b" ")[0] != str(length).encode():
        raise ValueError(f"no path record has {length} bytes")
    return _right(
        f"record-{length}-bytes",
        f"a path record of {length} bytes",
        _named(name),
        tar.pax({b"path": name}),
        _FILE,
        origin=origin,
    )


def _right(
    word: str,
    title: str,
    tree: Named,
    *members: bytes,
    origin: str = "POSIX.1-2017 pax, Extended Header",
) -> Case:
    return Case(
        id=f"tar-pax-{word}",
        title=title,
        why="the record is cut, or the next one is read from the wrong place: names are lost",
        origin=origin,
        requirements=("TAR-1",),
        init=archived(*members, AFTER),
        expect=completes(tree),
    )


def _filled(length: int) -> bytes:
    """Records of ``length`` bytes together: a comment, and the path last of all."""
    path = tar.record(b"path", b"last")
    value = b"c" * (length - len(path) - len(b"100 comment=\n"))
    return tar.record(b"comment", value) + path


def _wrong(
    word: str,
    title: str,
    records: bytes,
    origin: str,
    expect: tuple[Expectation, ...] = FAILS,
) -> Case:
    return Case(
        id=f"tar-pax-{word}",
        title=title,
        why="two readers that mend the record in two ways see two different archives",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(tar.pax(records), _FILE, AFTER),
        expect=expect,
        control=control(_named(b"name"), tar.pax({b"path": b"name"}), _FILE, AFTER),
    )


_LENGTHS: Final = "catalogue X15 to X17; CVE-2026-32766"

CASES: Final = (
    _right(
        "record-9-bytes", "the shortest path record", _named(b"n"), tar.pax(b"9 path=n\n"), _FILE
    ),
    *map(_awkward, (11, 99, 101)),
    _right(
        "record-999-and-1001-bytes",
        "comments of 999 and 1,001 bytes before the path",
        _named(b"name"),
        tar.pax(
            [(b"comment", b"c" * 986), (b"comment", b"c" * 987), (b"path", b"name")],
        ),
        _FILE,
    ),
    _right(
        "records-512-bytes",
        "records that fill a block",
        _named(b"last"),
        tar.pax(_filled(512)),
        _FILE,
    ),
    _right(
        "records-513-bytes",
        "records of a block and a byte",
        _named(b"last"),
        tar.pax(_filled(513)),
        _FILE,
    ),
    _right(
        "records-511-bytes",
        "records of a block less a byte",
        _named(b"last"),
        tar.pax(_filled(511)),
        _FILE,
    ),
    _right(
        "records-64-kib",
        "64 KiB of records, the path last",
        _named(b"last"),
        tar.pax([(b"comment", b"c" * 1000)] * 65 + [(b"path", b"last")]),
        _FILE,
    ),
    _right("no-records", "an extended header without records", _AS_IN_HEADER, tar.pax(b""), _FILE),
    _right(
        "value-newline",
        "values with newlines, one of which looks like a record",
        {b"a\n11 path=bb\nc": _DATA, **ONLY_AFTER},
        tar.pax({b"comment": b"\n9 path=x\n", b"path": b"a\n11 path=bb\nc"}),
        _FILE,
    ),
    _right(
        "value-equals",
        "a path with = in it: the key ends at the first",
        _named(b"a=b=path=c"),
        tar.pax({b"path": b"a=b=path=c"}),
        _FILE,
    ),
    _right(
        "value-spaces",
        "a path that begins and ends with a space",
        _named(b" name "),
        tar.pax({b"path": b" name "}),
        _FILE,
    ),
    _right(
        "keys-nearly-path",
        "keys that are nearly path, size and linkpath",
        _AS_IN_HEADER,
        tar.pax(
            {
                b"PATH": b"upper",
                b"paths": b"longer",
                b"pat": b"shorter",
                b"GNU.path": b"vendor",
                b"sizes": b"0",
                b"Size": b"0",
                b"linkpath ": b"x",
            }
        ),
        _FILE,
    ),
    Case(
        id="tar-pax-empty-path",
        title="a path record without a value: the header's name holds, or a failure",
        why="an empty value takes a record back; an empty name loses the file in silence",
        origin="POSIX.1-2017 pax: a zero-length value deletes",
        requirements=("TAR-1",),
        init=archived(tar.pax({b"path": b""}), _FILE, AFTER),
        expect=fails_or(_AS_IN_HEADER),
        control=control(_AS_IN_HEADER, _FILE, AFTER),
    ),
    _wrong(
        "key-space",
        "the key path behind two spaces: another key, or a failure",
        b"14  path=name\n",
        "POSIX.1-2017 pax: one space behind the length",
        fails_or(_AS_IN_HEADER),
    ),
    _wrong("length-short", "a record length one too small", b"12 path=name\n", _LENGTHS),
    _wrong(
        "length-long", "a record length one too large, at the end", b"14 path=name\n", _LENGTHS
    ),
    _wrong(
        "length-into-next",
        "a record length that reaches into the next record",
        b"15 path=name\n" + tar.record(b"comment", b"c"),
        _LENGTHS,
    ),
    _wrong(
        "length-beyond", "a record length far beyond the header", b"9999 path=name\n", _LENGTHS
    ),
    _wrong("no-newline", "a record without its newline", b"12 path=name", _LENGTHS),
    _wrong(
        "newline-replaced", "another byte where the newline belongs", b"13 path=name;", _LENGTHS
    ),
    _wrong("length-zero", "a record of length 0", b"0 path=name\n", _LENGTHS),
    _wrong("length-one", "a record shorter than its own length field", b"2 path=name\n", _LENGTHS),
    _wrong("length-negative", "a negative record length", b"-13 path=name\n", _LENGTHS),
    _wrong("length-no-number", "a record length that is no number", b"xx path=name\n", _LENGTHS),
    _wrong("length-hexadecimal", "a hexadecimal record length", b"0xf path=name\n", _LENGTHS),
    _wrong("length-missing", "a record that begins with a space", b" path=name\n", _LENGTHS),
    _wrong(
        "length-overflow",
        "a record length of 2^64 + 31, which 64 bits take for 31",
        b"18446744073709551647 path=name\n",
        "integer overflow in a length",
    ),
    _wrong("length-alone", "a length and nothing else", b"13", "records cut after the length"),
    _wrong(
        "no-equals", "a record without =", b"13 path name\n", "POSIX.1-2017 pax: keyword=value"
    ),
    _wrong(
        "empty-key",
        "a record with an empty key: without effect, or a failure",
        b"8 =name\n",
        "POSIX.1-2017 pax: keyword=value",
        fails_or(_AS_IN_HEADER),
    ),
    _wrong(
        "second-record-bad",
        "a good path record, then a bad one",
        tar.record(b"path", b"name") + b"99 comment=c\n",
        _LENGTHS,
    ),
    _wrong(
        "length-leading-zeros",
        "a record length with leading zeros: decimal, or a failure",
        b"0015 path=name\n",
        "POSIX.1-2017 pax: decimal length",
        fails_or(_named(b"name")),
    ),
)

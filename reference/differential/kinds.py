"""Payloads that readers of archives take for different things, one of each kind.

Each is as small as its kind allows. The names say what is odd about it; how the specification
wants it read stands there, and is not repeated here: these payloads are compared, not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from injector_fixtures import gzip, tar

BEHIND: Final = tar.file(b"z", b"Z")
"""A member behind the odd one: whoever loses his place does not find it."""

SMUGGLED: Final = tar.file(b"smuggled", b"EVIL")
"""A member in another one's data."""

MEBIBYTE: Final = 1 << 20
LONGEST_NAME: Final = 4095


def kinds() -> Mapping[str, bytes]:
    """Every kind's payload, by its name."""
    found = dict(_all())
    found |= {name: gzip.tgz(*members, level=9) for name, members in _archives()}
    return found


def _all() -> Iterator[tuple[str, bytes]]:
    whole = gzip.tgz(tar.file(b"f", b"hello"), BEHIND)
    archive = tar.archive(tar.file(b"f", b"hello"), BEHIND)
    yield "gzip fields of 64 KiB", gzip.member(archive, name=b"n" * 65_535, comment=b"c" * 65_535)
    yield "gzip header with a wrong checksum", gzip.member(archive, header_crc="wrong")
    yield "gzip header with a right checksum", gzip.member(archive, header_crc="right")
    yield "gzip member behind zeros", whole + bytes(512) + gzip.member()
    yield "gzip within gzip", gzip.member(whole)
    yield "gzip of nothing", gzip.member()
    yield "zeros behind the stream", whole + bytes(700)
    yield "other bytes behind the stream", whole + b"x"
    yield "members split in a header", gzip.member(archive[:200]) + gzip.member(archive[200:])
    yield "one zero block", gzip.member(archive[:-512])
    yield "no zero block", gzip.member(archive[:-1024])
    yield "half a zero block", gzip.member(archive[:-1500])
    yield "an archive without members", gzip.member(tar.END)
    for cut in (1, 5, 8, 9, 200):
        yield f"a stream without its last {cut} bytes", whole[:-cut]


def _archives() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for name, members in (*_numbers(), *_records(), *_long_names(), *_headers(), *_types()):
        yield name, (*members, BEHIND)


TYPES: Final = b"\0\t /0123456789:@ABCDEFGHIJKLMNOPQRSTUVWXYZ[agnxz\x7f\x80\xff"
"""Type flags: all that mean something to somebody, and some that do not."""

NUMBERS: Final = {
    "digits": b"00000002000",
    "twelve digits": b"000000002000",
    "spaces and digits": b"       2000 ",
    "digits, NULs and spaces": b"2000\0 \0 \0   ",
    "NUL and digits": b"\x0000000002000",
    "NULs and digits": b"\0\0\0\0\0\0\x002000\0",
    "spaces, NUL, spaces and digits": b"    \0   2000",
    "digits, NUL and digits": b"00000005\x00001",
    "digits, space and digits": b"00000005 001",
    "tab and digits": b"\t2000",
    "nothing": b"",
    "spaces": b" " * 12,
    "spaces and NULs": b" " * 6,
    "NULs and spaces": b"\0\0\0\0\0\0      ",
    "a sign": b"+0000002000",
    "a minus sign": b"-0000000001",
    "a digit 8": b"00000000008",
    "hexadecimal digits": b"0x000000200",
    "base 256": tar.base256(1024, 12),
    "base 256 and -1": tar.base256(-1, 12),
    "base 256 and 2^57": tar.base256(1 << 57, 12),
    "base 256 and 2^63": tar.base256(1 << 63, 12),
    "base 256 and 2^64": tar.base256(1 << 64, 12),
    "base 256 with a high byte": b"\x81" + bytes(10) + b"\5",
}


def _numbers() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    data = SMUGGLED.ljust(1024, b"D")
    for name, field in NUMBERS.items():
        yield f"size: {name}", (tar.file(b"f", data, size=field),)
        overridden = tar.file(b"f", data, size=field)
        yield f"overridden size: {name}", (tar.pax({b"size": b"1024"}), overridden)
    right = tar.checksum(tar.header(b"f"))
    for name, field in {
        "six digits, NUL, space": b"%06o\0 " % right,
        "six digits, NUL, zero": b"%06o\x000" % right,
        "NUL and digits": b"\0%06o " % right,
        "seven digits": b"%07o\0" % right,
        "eight digits": b"%08o" % right,
        "spaces and digits": b"%8o" % right,
        "base 256": tar.base256(right, 8),
        "nothing": b"",
    }.items():
        yield f"checksum: {name}", (tar.file(b"f", checksum=field),)
    signed = tar.with_checksum(tar.header(b"f\xff\xfe"), signed=True)
    yield "checksum: of signed bytes", (signed,)


RECORDS: Final = {
    "a size of 24 digits": b"33 size=000000000000000000000005\n",
    "a length of 20 digits": b"00000000000000000034 path=renamed\n",
    "an empty size": b"8 size=\n",
    "a size, then an empty one": b"9 size=5\n8 size=\n",
    "a size that is none": b"9 size=x\n",
    "a size that is none, then one": b"9 size=x\n9 size=5\n",
    "a size with a sign": b"11 size=+5\n",
    "a size of 2^63": b"28 size=9223372036854775808\n",
    "a size of 2^63, then one": b"28 size=9223372036854775808\n9 size=5\n",
    "a size of 2^60, then one": b"28 size=1152921504606846976\n9 size=5\n",
    "a path with a NUL": b"12 path=a\0b\n",
    "a path with a NUL, then one": b"12 path=a\0b\n10 path=c\n",
    "a path that ends in a NUL": b"11 path=a\0\n",
    "a path of a NUL": b"9 path=\0\n",
    "a linkpath that ends in a NUL": b"15 linkpath=z\0\n",
    "an empty path": b"8 path=\n",
    "a path, then an empty one": b"10 path=a\n8 path=\n",
    "an empty linkpath": b"13 linkpath=\n",
    "the longest path": tar.record(b"path", b"p/" * 200 + b"f" * 255),
    "a path of 4,095 bytes": tar.record(b"path", b"%s/" % (b"d" * 200) * 20 + b"f" * 75),
    "a path of 4,096 bytes": tar.record(b"path", b"%s/" % (b"d" * 200) * 20 + b"f" * 76),
    "a path of 4,096 bytes, then one": tar.record(b"path", b"p" * 4096) + b"10 path=c\n",
    "a linkpath of 4,096 bytes": tar.record(b"linkpath", b"p" * 4096),
    "a record without keyword": b"5 =v\n",
    "a record without equals sign": b"6 ab\n\n",
    "a record without newline": b"7 ab=c.",
    "a record too long": b"9 ab=c\n",
    "a record too short": b"6 ab=c\n",
    "a record of zero": b"0 ab=c\n",
    "a record without length": b" ab=c\n",
    "a newline in a value": b"12 path=a\nb\n",
    "zeros behind the records": b"10 path=c\n\0\0",
    "sparse": b"22 GNU.sparse.major=1\n",
    "a name for a sparse file": b"21 GNU.sparse.name=x\n",
    "an empty sparse record": b"20 GNU.sparse.name=\n",
    "no record": b"",
    "a comment": b"13 comment=c\n",
    "a name that begins as another": b"11 paths=a\n12 sizes=77\n",
    "1 MiB": tar.record(b"comment", b"c" * (MEBIBYTE - 17)),
    "1 MiB and a byte": tar.record(b"comment", b"c" * (MEBIBYTE - 16)),
}


def _records() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    file = tar.file(b"f", b"hello")
    plain = tar.pax({b"mtime": b"1"})
    for name, records in RECORDS.items():
        header = tar.pax(records)
        for_all = tar.pax(records, typeflag=b"g")
        yield f"pax, file: {name}", (header, file)
        yield f"pax, directory: {name}", (header, tar.directory(b"d"))
        yield f"pax, link: {name}", (header, tar.symlink(b"s", b"z"))
        yield f"pax, vendor's type: {name}", (header, tar.member(b"v", b"hello", typeflag=b"V"))
        yield f"pax, another header, file: {name}", (header, plain, file)
        yield f"pax, global header, file: {name}", (header, tar.pax({}, typeflag=b"g"), file)
        yield f"pax, long name, file: {name}", (header, tar.gnu_longname(b"long"), file)
        yield f"long name, pax, file: {name}", (tar.gnu_longname(b"long"), header, file)
        yield f"global, file: {name}", (for_all, file)
    inside = SMUGGLED.ljust(1536, b"B")
    sized = tar.file(b"f", inside, size=0)
    yield "size in the first header", (tar.pax({b"size": b"1536"}), plain, sized)
    split = tar.pax({b"size": b"1536"}), tar.gnu_longname(b"long"), tar.pax({b"path": b"p"}), sized
    yield "size, long name, path", split


def _long_names() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    file = tar.file(b"f", b"hello")
    for name, (text, end) in {
        "empty": (b"", b""),
        "one NUL": (b"", b"\0"),
        "no NUL": (b"long", b""),
        "many NULs": (b"long", bytes(600)),
        "bytes behind the NUL": (b"a", b"\0junk"),
        "a NUL, then a name": (b"", b"\0name"),
        "4,095 bytes": (b"%s/" % (b"d" * 200) * 20 + b"f" * 75, b"\0"),
        "4,096 bytes": (b"%s/" % (b"d" * 200) * 20 + b"f" * 76, b"\0"),
        "1 MiB of NULs": (b"long", bytes(MEBIBYTE - 4)),
        "more than 1 MiB of NULs": (b"long", bytes(MEBIBYTE - 3)),
        "a slash behind it": (b"long/", b"\0"),
    }.items():
        header = tar.gnu_longname(text, end=end)
        yield f"long name: {name}", (header, file)
        yield f"long name, overridden: {name}", (header, tar.pax({b"path": b"p"}), file)
        yield f"long name, vendor's type: {name}", (header, tar.member(b"v", typeflag=b"V"))
        link = tar.gnu_longlink(text, end=end)
        yield f"long link: {name}", (link, tar.symlink(b"s", b"z"))
        yield f"long link, file: {name}", (link, file)
    yield "two long names", (tar.gnu_longname(b"one"), tar.gnu_longname(b"two"), file)


def _headers() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for name, magic in {
        "version of spaces": b"ustar\0  ",
        "version of NULs": b"ustar\0\0\0",
        "version 01": b"ustar\x0001",
        "GNU": tar.GNU,
        "v7": tar.V7,
        "no NUL": b"ustar000",
    }.items():
        yield f"prefix, {name}", (tar.file(b"n", b"hello", prefix=b"p", magic=magic),)
    yield "prefix without name", (tar.file(b"", b"", prefix=b"p"),)
    yield "prefix and a full name", (tar.file(b"n" * 100, b"hello", prefix=b"p" * 155),)
    yield "prefix that ends in a slash", (tar.file(b"n", b"hello", prefix=b"p/"),)
    yield "absolute prefix", (tar.file(b"n", b"hello", prefix=b"/p"),)
    yield "bytes behind a name's NUL", (tar.file(b"n\0junk", b"hello"),)
    for called in (b"", *b". ./ / a/ ./a a//b a/./b a/../b .. /a".split()):
        shown = called.decode()
        yield f"file called '{shown}'", (tar.file(called),)
        yield f"file with data called '{shown}'", (tar.file(called, b"hello"),)
        yield f"directory called '{shown}'", (tar.directory(called),)
        yield f"symbolic link called '{shown}'", (tar.symlink(called, b"z"),)
    for levels in (255, 256, 257, 300):
        path = b"/".join([b"d"] * levels)
        yield f"a directory of {levels} levels", (tar.pax({b"path": path}), tar.directory(b"d"))
        yield f"a file in {levels} levels", (tar.pax({b"path": path + b"/f"}), tar.file(b"f"))
        link = tar.hardlink(b"h", b"z")
        yield f"a hard link to {levels} levels", (tar.pax({b"linkpath": path + b"/f"}), link)


def _types() -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for code in TYPES:
        typeflag = bytes([code])
        yield f"type {typeflag!r}", (tar.member(b"f", typeflag=typeflag),)
        yield f"type {typeflag!r} with data", (tar.member(b"f", b"hello", typeflag=typeflag),)
        yield f"type {typeflag!r}, slash", (tar.member(b"f/", typeflag=typeflag),)
    for code in b"\x00057":
        typeflag = bytes([code])
        slash = tar.pax({b"path": b"name/"})
        cut = b"n" * 99 + b"/"
        longer = tar.gnu_longname(cut + b"file")
        yield f"type {typeflag!r}, pax slash", (slash, tar.member(b"f", typeflag=typeflag))
        yield f"type {typeflag!r}, cut name", (longer, tar.member(cut, b"x", typeflag=typeflag))
        yield f"type {typeflag!r}, slash, data", (tar.member(b"f/", b"hello", typeflag=typeflag),)
    file, link = tar.file(b"a", b"A"), tar.symlink(b"s", b"a")
    yield "hard link", (file, tar.hardlink(b"h", b"a"))
    yield "hard link to itself", (file, tar.hardlink(b"a", b"a"))
    yield "hard link to itself, other words", (file, tar.hardlink(b"a", b"./a"))
    yield "hard link over its other name", (file, *[tar.hardlink(b"h", b"a")] * 2)
    yield "hard link to nothing", (tar.hardlink(b"h", b"nothing"),)
    yield "hard link to a directory", (tar.directory(b"d"), tar.hardlink(b"h", b"d"))
    yield "hard link to the tree", (tar.hardlink(b"h", b"."),)
    yield "hard link with a slash", (file, tar.hardlink(b"h", b"a/"))
    yield "hard link to a symbolic link", (file, link, tar.hardlink(b"h", b"s"))
    yield "hard link to a dangling link", (link, tar.hardlink(b"h", b"s"))
    yield "hard link with data", (file, tar.hardlink(b"h", b"a", size=5), bytes(512))
    yield "file through a link", (tar.directory(b"d"), tar.symlink(b"s", b"d"), tar.file(b"s/f"))
    yield "directory over a link", (tar.symlink(b"s", b"d"), tar.directory(b"s"))
    yield "directory over a file", (file, tar.directory(b"a"))
    yield "file over a directory", (tar.directory(b"a"), file)
    yield "file over a link", (link, tar.file(b"s", b"S"))
    yield "file over a file", (file, tar.file(b"a", b"B"))
    yield "symbolic link to nothing", (tar.symlink(b"s", b""),)

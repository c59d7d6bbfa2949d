"""Pax keys that mean nothing to an injector, extended attributes among them (TAR-1, TAR-15)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import Named, archived, completes, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tar import Records
from injector_fixtures.tree import Directory, Symlink, regular

_DATA: Final = b"found\n"
_TREE: Final[Named] = {b"f": _DATA, **ONLY_AFTER}


def _ignored(
    word: str,
    title: str,
    records: Records,
    origin: str = "POSIX.1-2017 pax, Extended Header Keywords",
    also: tuple[str, ...] = (),
    *,
    others: str = "",
) -> Case:
    return Case(
        id=f"tar-key-{word}",
        title=title,
        why="archives of real file systems carry such records; their files would be missing",
        origin=origin,
        requirements=("TAR-1", *also),
        init=archived(tar.pax(records), tar.file(b"f", _DATA), AFTER),
        expect=completes(_TREE),
        others=others,
    )


_CAPABILITY: Final = bytes.fromhex("0100000200200000000000000000000000000000")
"""A security.capability attribute: cap_net_raw, permitted and effective."""

CASES: Final = (
    _ignored(
        "times",
        "times with fractions, before 1970 and far in the future",
        {b"mtime": b"1661990400.123456789", b"atime": b"-1.5", b"ctime": b"99999999999"},
    ),
    Case(
        id="tar-key-time-malformed",
        title="a time that is no number: ignored, or a failure",
        why="the injector crashes on a record that it need not read, or the file is lost",
        origin="catalogue N14 in a pax record",
        requirements=("TAR-1",),
        init=archived(tar.pax({b"mtime": b"yesterday"}), tar.file(b"f", _DATA), AFTER),
        expect=fails_or(_TREE),
        control=control(_TREE, tar.pax({b"mtime": b"1"}), tar.file(b"f", _DATA), AFTER),
    ),
    _ignored(
        "owner",
        "owner and group by number and by name",
        {b"uid": b"4294967295", b"gid": b"2097152", b"uname": b"nobody", b"gname": b"\xc3\xa4"},
        also=("TAR-15",),
    ),
    _ignored(
        "comment-and-charset",
        "comment, charset and hdrcharset",
        {
            b"comment": b"path=evil\nsize=0",
            b"charset": b"ISO-IR 8859 1 1998",
            b"hdrcharset": b"ISO-IR 10646 2000 UTF-8",
        },
    ),
    _ignored(
        "reserved",
        "the reserved realtime. and security. keys",
        {b"realtime.x": b"1", b"security.x": b"2"},
    ),
    _ignored(
        "vendor",
        "keys of many vendors, some with odd bytes",
        {
            b"VENDOR.key": b"value",
            b"SCHILY.dev": b"65",
            b"SCHILY.ino": b"12",
            b"SCHILY.nlink": b"2",
            b"SCHILY.fflags": b"immutable",
            b"GNU.volume.label": b"label",
            b"MSWINDOWS.rawsd": b"AQAE",
            b"VENDOR.\xff key": b"\0\xff",
        },
        "star(5), libarchive-formats(5), Go archive/tar",
    ),
    _ignored(
        "real-size",
        "SCHILY.realsize, which is no size of the data here",
        {b"SCHILY.realsize": b"1000000"},
        "star(5): only sparse members have it",
        others="bsdtar believes it, and writes a file of another length",
    ),
    _ignored(
        "xattr-schily",
        "a file capability and a user attribute as SCHILY.xattr",
        {
            b"SCHILY.xattr.security.capability": _CAPABILITY,
            b"SCHILY.xattr.user.comment": b"path=evil\n",
        },
        "star(5); GNU tar --xattrs; container image layers",
        ("TAR-15",),
    ),
    _ignored(
        "xattr-libarchive",
        "an attribute as LIBARCHIVE.xattr",
        {b"LIBARCHIVE.xattr.user.comment": b"aGVsbG8", b"LIBARCHIVE.creationtime": b"1"},
        "libarchive-formats(5)",
        ("TAR-15",),
    ),
    _ignored(
        "acl-and-selinux",
        "access control lists and an SELinux context",
        {
            b"SCHILY.acl.access": b"user::rwx,group::---,other::---,user:nobody:rwx",
            b"SCHILY.acl.default": b"user::rwx,group::r-x,other::r-x",
            b"RHT.security.selinux": b"system_u:object_r:etc_t:s0",
        },
        "star(5); GNU tar --acls --selinux",
        ("TAR-15",),
    ),
    _ignored(
        "many",
        "2,000 records",
        [(b"VENDOR.k%d" % number, b"v") for number in range(2000)],
        "an archiver that writes a record for every attribute",
    ),
    Case(
        id="tar-key-xattr-on-every-type",
        title="attributes on a directory, a symbolic link and a hard link",
        why="only the attributes of regular files are passed over",
        origin="star(5)",
        requirements=("TAR-1", "TAR-15"),
        init=archived(
            tar.file(b"f", _DATA),
            tar.pax({b"SCHILY.xattr.user.a": b"1"}),
            tar.directory(b"d/"),
            tar.pax({b"SCHILY.xattr.user.a": b"2"}),
            tar.symlink(b"s", b"f"),
            tar.pax({b"SCHILY.xattr.user.a": b"3"}),
            tar.hardlink(b"h", b"f"),
        ),
        expect=completes(
            {
                b"d": Directory(),
                b"f": regular(_DATA, first_name=b"f"),
                b"h": regular(_DATA, first_name=b"f"),
                b"s": Symlink(b"f"),
            }
        ),
    ),
)

"""Header checksums: verified on every header, over every byte of it (TAR-8, TAR-8a)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import (
    FAILS,
    FOLDER,
    Named,
    archived,
    completes,
    control,
)
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"found\n"
_WHY: Final = "a reader that has lost its place takes data for headers and does not notice"


def _off_by_one(block: bytes) -> bytes:
    """A header whose stored sum is one too high."""
    stored = tar.octal(tar.checksum(block) + 1, 7) + b" "
    return tar.with_field(block, "checksum", stored)


def _damaged(member: bytes) -> bytes:
    return _off_by_one(member[: tar.BLOCK]) + member[tar.BLOCK :]


def _wrong(
    word: str, title: str, *members: bytes, positive: Control, origin: str = "catalogue H02"
) -> Case:
    return Case(
        id=f"tar-checksum-{word}",
        title=title,
        why=_WHY,
        origin=origin,
        requirements=("TAR-8",),
        init=archived(*members),
        expect=FAILS,
        control=positive,
    )


def _on(
    word: str,
    title: str,
    *members: bytes,
    tree: Named,
    damage: int = 0,
    positive: Control | None = None,
) -> Case:
    """Members of which the one at index ``damage`` has a wrong sum, between ordinary ones."""
    wrong = [_damaged(one) if at == damage else one for at, one in enumerate(members)]
    return _wrong(
        f"on-{word}",
        f"a wrong checksum on {title}",
        BEFORE,
        *wrong,
        AFTER,
        positive=positive or control({**BOTH, **tree}, BEFORE, *members, AFTER),
        origin="catalogue H02, H03",
    )


_ORDINARY: Final = tar.header(b"f", size=len(_DATA))
_PLAIN: Final = control({b"f": _DATA, **ONLY_AFTER}, _ORDINARY, tar.padded(_DATA), AFTER)


def _changed(field: str, raw: bytes) -> Case:
    """An ordinary header with one field changed and the sum left as it was."""
    return _wrong(
        f"misses-{field}",
        f"a header whose {field} was changed after it was summed",
        tar.with_field(_ORDINARY, field, raw),
        tar.padded(_DATA),
        AFTER,
        positive=_PLAIN,
    )


def _stored(word: str, title: str, raw: bytes) -> Case:
    return _wrong(
        word,
        title,
        tar.with_field(_ORDINARY, "checksum", raw),
        tar.padded(_DATA),
        AFTER,
        positive=_PLAIN,
    )


def _spelt(word: str, title: str, form: bytes) -> Case:
    """An ordinary header whose right sum is written as ``form`` says."""
    raw = form % tar.checksum(_ORDINARY)
    return Case(
        id=f"tar-checksum-spelt-{word}",
        title=title,
        why="archives of other programs seem to be damaged",
        origin="POSIX.1-2017 pax, ustar: octal digits, then spaces or NULs; Unix V7 tar",
        requirements=("TAR-1",),
        init=archived(tar.with_field(_ORDINARY, "checksum", raw), tar.padded(_DATA), AFTER),
        expect=completes({b"f": _DATA, **ONLY_AFTER}),
    )


def _signed(word: str, title: str, block: bytes, tree: Named) -> Case:
    return Case(
        id=f"tar-checksum-signed-{word}",
        title=title,
        why="archives of old programs with names beyond ASCII cannot be read",
        origin="catalogue H01; GNU tar manual, Basic Tar Format",
        requirements=("TAR-8a",),
        init=archived(tar.with_checksum(block, signed=True), AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
        others="Rust tar and BusyBox refuse it",
    )


_HIGH: Final = tar.header(b"\xe4\xf6\xfc")
_IN_TAIL: Final = tar.with_field(_ORDINARY, "tail", b"tail")

CASES: Final = (
    _wrong(
        "first-header",
        "a wrong checksum on the first header",
        _damaged(BEFORE),
        AFTER,
        positive=control(BOTH, BEFORE, AFTER),
    ),
    _wrong(
        "second-header",
        "a wrong checksum on the second and last header",
        BEFORE,
        _damaged(AFTER),
        positive=control(BOTH, BEFORE, AFTER),
        origin="catalogue H03",
    ),
    _on("directory", "a directory", tar.directory(b"d/"), tree={b"d": FOLDER}),
    _on("symlink", "a symbolic link", tar.symlink(b"l", b"f"), tree={b"l": Symlink(b"f")}),
    _on(
        "hard-link",
        "a hard link",
        tar.file(b"f", _DATA),
        tar.hardlink(b"h", b"f"),
        damage=1,
        tree={b"f": regular(_DATA, first_name=b"f"), b"h": regular(_DATA, first_name=b"f")},
    ),
    _on(
        "extended-header",
        "a pax extended header",
        tar.pax({b"path": b"f"}),
        tar.file(b"stand-in", _DATA),
        tree={b"f": _DATA},
    ),
    _on(
        "member-of-extended-header",
        "the member behind a pax extended header",
        tar.pax({b"path": b"f"}),
        tar.file(b"stand-in", _DATA),
        damage=1,
        tree={b"f": _DATA},
    ),
    _on("global-header", "a global header", tar.pax({b"comment": b"c"}, typeflag=b"g"), tree={}),
    _on(
        "long-name",
        "a GNU long name",
        tar.gnu_longname(b"f"),
        tar.file(b"stand-in", _DATA, magic=tar.GNU),
        tree={b"f": _DATA},
    ),
    _on(
        "long-link",
        "a GNU long link text",
        tar.gnu_longlink(b"f"),
        tar.symlink(b"l", b"stand-in", magic=tar.GNU),
        tree={b"l": Symlink(b"f")},
    ),
    _on(
        "volume-label",
        "a volume label",
        tar.member(b"v", typeflag=b"V"),
        tree={},
        # A label may be passed over, be a file or be refused: no one tree is right (TAR-1).
        positive=control(BOTH, BEFORE, AFTER),
    ),
    _on("v7-header", "a v7 header", tar.file(b"f", _DATA, magic=tar.V7), tree={b"f": _DATA}),
    _changed("name", b"g"),
    _changed("mode", b"0000645"),
    _changed("size", b"00000000005"),
    _changed("typeflag", b"7"),
    _changed("linkname", b"x"),
    _changed("uname", b"root"),
    _changed("prefix", b"p"),
    _changed("tail", bytes(11) + b"\1"),
    _stored("blank", "a checksum field of spaces", b" " * 8),
    _stored("nul", "a checksum field of NULs", bytes(8)),
    _stored("no-number", "a checksum field of letters", b"checksum"),
    _stored("decimal", "the right sum in decimal digits", b"%d" % tar.checksum(_ORDINARY)),
    _stored(
        "field-counted-as-nuls",
        "a sum in which the field itself counts as NULs instead of spaces",
        tar.octal(tar.checksum(_ORDINARY) - 8 * 32, 7) + b" ",
    ),
    _wrong(
        "of-500-bytes",
        "a sum of the first 500 bytes only, with something behind them",
        tar.with_field(_IN_TAIL, "checksum", tar.octal(tar.checksum(_ORDINARY), 7) + b" "),
        tar.padded(_DATA),
        AFTER,
        positive=control(
            {b"f": _DATA, **ONLY_AFTER}, tar.with_checksum(_IN_TAIL), tar.padded(_DATA), AFTER
        ),
    ),
    _wrong(
        "signed-wrong",
        "a sum that is one too high whether bytes are signed or not",
        _off_by_one(_HIGH),
        positive=control({b"\xe4\xf6\xfc": b""}, _HIGH),
    ),
    _spelt("short", "a sum with leading spaces, as V7 wrote it", b"%6o\0 "),
    _spelt("seven-digits", "a sum of seven digits", b"%07o\0"),
    _spelt("space-first", "a sum that ends in a space and a NUL", b"%06o \0"),
    _signed("name", "a signed checksum, high bytes in the name", _HIGH, {b"\xe4\xf6\xfc": b""}),
    _signed(
        "uname",
        "a signed checksum, high bytes in the owner's name",
        tar.header(b"f", uname=b"J\xfcrgen"),
        {b"f": b""},
    ),
    _signed(
        "linkname",
        "a signed checksum, high bytes in a link text",
        tar.header(b"l", typeflag=b"2", linkname=b"\xff" * 20),
        {b"l": Symlink(b"\xff" * 20)},
    ),
)

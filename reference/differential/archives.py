"""Archives of a few members that meet each other: the same names, links among them, overrides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from differential.noise import Noise
from injector_fixtures import tar

NAMES: Final = (
    *(b"a", b"b", b"d", b"d/x", b"d/y", b"d/e/f", b"s", b"s/x", b"a/", b"d/", b"d//x", b"./a"),
    *(b"d/./x", b".", b"./", b"", b"/a", b"..", b"d/..", b"../a", b"a b", b"\xff", b"n\nn"),
    *(b"n" * 100, b"p/" * 49 + b"q", b"p/" * 50),
)
"""What members are called. Most are used often, so that members meet."""

USUAL_NAMES: Final = 10
"""How many of them are taken most of the time."""

LONG_NAMES: Final = (b"l" * 150, b"l" * 255, b"l" * 256, b"k/" * 70 + b"f", b"k/" * 255 + b"f")

FORMATS: Final = (tar.USTAR, tar.USTAR, tar.GNU, tar.V7, b"ustar\0  ")

RECORDS: Final = (
    (b"path", b"d/renamed"),
    (b"path", b"a"),
    (b"path", b"d/"),
    (b"path", b""),
    (b"linkpath", b"a"),
    (b"linkpath", b""),
    (b"size", b"5"),
    (b"size", b"1024"),
    (b"size", b"0"),
    (b"size", b""),
    (b"size", b"00000000000000000000000512"),
    (b"mtime", b"1.5"),
    (b"comment", b"two\nlines"),
    (b"SCHILY.xattr.user.a", b"v\0w"),
    (b"GNU.sparse.major", b"1"),
)


def archive(noise: Noise) -> list[bytes]:
    """The members of a made-up archive; each begins with its header block."""
    members = []
    for _ in range(1 + noise.below(5)):
        while noise.happens(3):
            members.append(extension(noise))
        members.append(entry(noise))
    return members


def name(noise: Noise) -> bytes:
    """A name for a header's field."""
    return noise.one_of(NAMES if noise.happens(4) else NAMES[:USUAL_NAMES])


def entry(noise: Noise) -> bytes:
    """A member that is no extended header."""
    makers: tuple[Callable[[Noise], bytes], ...] = (_file, _file, _file, _directory, _link, _other)
    return noise.one_of(makers)(noise)


def extension(noise: Noise) -> bytes:
    """An extended header: pax records, for the next member or for all; a long name or link."""
    kind = noise.below(8)
    if kind == 0:
        return tar.gnu_longname(noise.one_of((*NAMES, *LONG_NAMES)))
    if kind == 1:
        return tar.gnu_longlink(name(noise))
    pairs = [
        noise.one_of(RECORDS[: -1 if noise.below(8) else None]) for _ in range(noise.below(4))
    ]
    return tar.pax(pairs, typeflag=b"g" if kind == 2 else b"x")  # noqa: PLR2004 - a third kind


def _file(noise: Noise) -> bytes:
    prefix = b"d" if noise.happens(6) else b""
    typeflag = noise.one_of((b"0", b"0", b"0", b"\0", b"7"))
    data = noise.bytes(noise.one_of((0, 5, 5, 512, 600, 1024)))
    magic = noise.one_of(FORMATS)
    return tar.file(name(noise), data, prefix=prefix, typeflag=typeflag, magic=magic)


def _directory(noise: Noise) -> bytes:
    return tar.directory(name(noise))


def _link(noise: Noise) -> bytes:
    make = tar.hardlink if noise.happens(2) else tar.symlink
    return make(name(noise), name(noise))


def _other(noise: Noise) -> bytes:
    typeflag = noise.one_of((b"V", b"M", b"A", b"X", b"D", b"S", b"3", b"6", b"8", b"a"))
    return tar.member(name(noise), noise.one_of((b"", b"data")), typeflag=typeflag)

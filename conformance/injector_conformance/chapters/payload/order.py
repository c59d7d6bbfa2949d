"""The order in which chunks are joined: that of the bytes of their names (PAY-2)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import CONTROL, TREE, named
from injector_conformance.chapters.recipes import completes

_WHY: Final = "chunks joined in any other order are another payload, or none at all"


def _case(
    identity: str,
    title: str,
    *suffixes: bytes,
    origin: str = "the stage1 contract: ascending bytewise order",
    why: str = _WHY,
) -> Case:
    return Case(
        id=f"pay-order-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("PAY-2",),
        init=named(*suffixes),
        expect=completes(TREE),
        control=CONTROL,
    )


CASES: Final = (
    _case(
        "not-of-creation",
        "ten chunks that were created from the last to the first",
        *(b"%03d" % number for number in range(10)),
        why="directories are listed in any order; what worked on one file system fails on another",
    ),
    _case(
        "not-numeric",
        "chunks 10, 100, 9, 99: by bytes, 10 and 100 come before 9",
        *(b"10", b"100", b"9", b"99"),
        why="a reader that sorts by number joins a packer's unpadded chunks in another order",
    ),
    _case(
        "not-by-length",
        "chunks b, ba, c: the longer name stands between the shorter ones",
        *(b"b", b"ba", b"c"),
    ),
    _case("bare-prefix-first", "a name that begins another one comes first", b"", b"\x01", b"0"),
    _case(
        "upper-case-first",
        "chunks A, B, a, b: capital letters come first",
        *(b"A", b"B", b"a", b"b"),
        why="most locales mix the cases; an injector must not depend on the image's locale",
    ),
    _case(
        "hyphen-digit-letter-underscore",
        "chunks -, 0, A, _, a: punctuation stands where its byte stands",
        *(b"-", b"0", b"A", b"_", b"a"),
        why="locales pass over punctuation at first sight; bytes do not",
    ),
    _case(
        "punctuation-counts",
        "chunks a-c, a.b, ab: locales that ignore punctuation say ab before a-c",
        *(b"a-c", b"a.b", b"ab"),
        why="locales pass over punctuation at first sight; bytes do not",
    ),
    _case("space-first", "chunks with a space, a dot and a digit", b"0 1", b"0.1", b"001"),
    _case(
        "leading-zeros",
        "chunks 0, 00, 01, 1: equal numbers, different bytes",
        *(b"0", b"00", b"01", b"1"),
        why="a sort by number leaves equal numbers in the order of the directory",
    ),
    _case(
        "not-hexadecimal",
        "chunks 0x10, 0x9, 10, 1f, 9: no base is guessed",
        *(b"0x10", b"0x9", b"10", b"1f", b"9"),
    ),
    _case(
        "accented-letters-last",
        "chunks e, z and \u00e9 in UTF-8: the accented letter comes after z",
        *(b"e", b"z", "\u00e9".encode()),
        why="most locales place the accented letter beside the plain one",
    ),
    _case(
        "by-code-point-not-utf-16",
        "chunks U+FF5E and U+1F600: by bytes, and not as UTF-16 orders them",
        *("\uff5e".encode(), "\U0001f600".encode()),
        why="runtimes with UTF-16 strings sort the pair the other way round",
        origin="Unicode Standard, section 2.5: binary order of UTF-8 and UTF-16 differ",
    ),
    _case(
        "composed-and-decomposed",
        "chunks e with a combining accent, f, and \u00e9: names are never normalised",
        *("e\u0301".encode(), b"f", "\u00e9".encode()),
        why="a reader that normalises names takes two chunks for one, or swaps them",
        origin="Unicode Standard Annex 15, normalisation forms",
    ),
    _case(
        "padded-beyond-1000",
        "1,100 chunks with numbers of four digits",
        *(b"%04d" % number for number in range(1100)),
        why="a large payload loses its order, or a reader with a fixed table loses its end",
        origin="catalogue K05: what the packer has to do",
    ),
    _case(
        "1000-before-101",
        "1,100 chunks numbered with %03d and joined bytewise: -1000 comes before -101",
        *sorted(b"%03d" % number for number in range(1100)),
        why="an injector that guesses numbers joins another payload than one that does not",
        origin="catalogue K05",
    ),
)

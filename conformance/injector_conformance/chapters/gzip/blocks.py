"""Blocks of every type, in any number and order, empty ones included (GZ-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.sample import ARCHIVE, RECORD, TREE, noise
from injector_conformance.chapters.recipes import Named, completes, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import (
    STORED_LIMIT,
    Block,
    Match,
    dynamic,
    fixed,
    stored,
    stream,
)

_SECTIONS: Final = "RFC 1951, sections 3.2.3 to 3.2.7"
_EMPTY: Final = "RFC 1951 allows blocks without content; zlib's flushes make them"
_WHY: Final = "a decoder that knows the usual sequence of blocks loses its place"
_WHY_EMPTY: Final = "a decoder takes a block without content for the end, or for damage"
_MANY: Final = 1000


def _case(
    identity: str,
    title: str,
    blocks: Callable[[], Iterator[Block] | tuple[Block, ...]],
    *,
    why: str = _WHY,
    origin: str = _SECTIONS,
    archive: bytes = ARCHIVE,
    named: Named = TREE,
) -> Case:
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-1",),
        init=made(lambda: gzip.member(archive, deflated=stream(*blocks()))),
        expect=completes(named),
    )


def _nothing() -> Block:
    """An empty block with codes of its own; the code for a byte makes the code complete."""
    return dynamic(literals={0: 1, 256: 1})


def _empty(word: str, block: Callable[[], Block]) -> tuple[Case, ...]:
    """Empty blocks of one type: first, amid, last, and a thousand of them."""
    return (
        _case(
            f"empty-{word}-first",
            f"an empty {word} block first",
            lambda: (block(), stored(ARCHIVE)),
            why=_WHY_EMPTY,
            origin=_EMPTY,
        ),
        _case(
            f"empty-{word}-amid",
            f"an empty {word} block amid the archive",
            lambda: (fixed(ARCHIVE[:RECORD]), block(), fixed(ARCHIVE[RECORD:])),
            why=_WHY_EMPTY,
            origin=_EMPTY,
        ),
        _case(
            f"empty-{word}-last",
            f"an empty {word} block as the last one",
            lambda: (fixed(ARCHIVE), block()),
            why=_WHY_EMPTY,
            origin=_EMPTY,
        ),
        _case(
            f"empty-{word}-thousand",
            f"a thousand empty {word} blocks in a row",
            lambda: (fixed(ARCHIVE[:9]), *[block()] * _MANY, fixed(ARCHIVE[9:])),
            why="a decoder that calls itself for the next block runs out of stack",
            origin=_EMPTY,
        ),
    )


def _pieces(size: int) -> Iterator[bytes]:
    return (ARCHIVE[start : start + size] for start in range(0, len(ARCHIVE), size))


def _in_turn() -> Iterator[Block]:
    """The archive in blocks of 100 bytes, so that every type follows every type."""
    kinds = (stored, fixed, dynamic, fixed, stored, dynamic, dynamic, stored, stored, fixed, fixed)
    for number, piece in enumerate(_pieces(100)):
        yield kinds[number % len(kinds)](piece)


_NINE_BITS: Final = b"\x90"
_SHIFTED: Final = b"".join(_NINE_BITS * count + b"-" for count in range(8))


def _at_every_bit() -> Iterator[Block]:
    """Stored blocks behind fixed ones that end at each of the eight bits of a byte."""
    yield stored(tar.header(b"shifted", size=len(_SHIFTED)))
    for count in range(8):
        yield fixed(_NINE_BITS * count)
        yield stored(b"-")
    yield stored(tar.padded(_SHIFTED)[len(_SHIFTED) :] + tar.END)


def _with_padding_bits() -> bytes:
    """One stored block, the five bits behind its type set."""
    packed = bytearray(stream(stored(ARCHIVE)))
    packed[0] |= 0b1111_1000
    return gzip.member(ARCHIVE, deflated=bytes(packed))


_LARGE: Final = noise(STORED_LIMIT + 5000)
_PACKED: Final = tar.archive(tar.file(b"large", _LARGE))
_REPEATED: Final = noise(1000)


def _across() -> tuple[Block, ...]:
    """Matches into the block before, the one before that, and over both borders."""
    head = tar.header(b"repeated", size=4 * len(_REPEATED))
    rest = tar.padded(_REPEATED * 4)[4 * len(_REPEATED) :] + tar.END
    copy = [Match(250, 1000)] * 4
    return (
        stored(head + _REPEATED[:500]),
        fixed(_REPEATED[500:]),
        dynamic(*copy),
        fixed(*copy[:2]),
        stored(),
        dynamic(*copy[2:]),
        fixed(*copy),
        stored(rest),
    )


CASES: Final = (
    _case("stored-block", "one stored block", lambda: (stored(ARCHIVE),), origin="catalogue Z18"),
    _case(
        "fixed-block",
        "one block with fixed codes",
        lambda: (fixed(ARCHIVE),),
        origin="catalogue Z25",
    ),
    _case(
        "dynamic-block",
        "one block with codes of its own, literals and matches",
        lambda: (dynamic(ARCHIVE[:-1023], *[Match(258, 1)] * 3, Match(249, 1)),),
        origin="catalogue Z01",
    ),
    _case("blocks-in-turn", "blocks of 100 bytes, every type after every type", _in_turn),
    _case(
        "stored-at-every-bit",
        "stored blocks behind blocks that end at each bit of a byte",
        _at_every_bit,
        why="what is skipped up to the next byte depends on the bit; a decoder counts wrong",
        origin="RFC 1951, section 3.2.4: bits up to the next byte are ignored",
        archive=tar.archive(tar.file(b"shifted", _SHIFTED)),
        named={b"shifted": _SHIFTED},
    ),
    Case(
        id="gz-stored-padding-bits-set",
        title="ones in the bits between a stored block's type and its length",
        why="a decoder that demands zeros refuses what the format says to ignore",
        origin="RFC 1951, section 3.2.4: bits up to the next byte are ignored",
        requirements=("GZ-1",),
        init=made(_with_padding_bits),
        expect=completes(TREE),
    ),
    _case(
        "stored-65535",
        "a stored block of 65,535 bytes, the most that one can hold",
        lambda: (stored(_PACKED[:STORED_LIMIT]), stored(_PACKED[STORED_LIMIT:])),
        why="a length that is kept in a signed number of 16 bits is negative here",
        origin="RFC 1951, section 3.2.4: LEN has 16 bits",
        archive=_PACKED,
        named={b"large": _LARGE},
    ),
    _case("stored-single-bytes", "a stored block for each byte", lambda: map(stored, _pieces(1))),
    _case("fixed-single-bytes", "a fixed block for each byte", lambda: map(fixed, _pieces(1))),
    _case(
        "dynamic-small", "a dynamic block for every 64 bytes", lambda: map(dynamic, _pieces(64))
    ),
    _case(
        "matches-across-blocks",
        "matches that reach back over the borders of blocks of every type",
        _across,
        why="a decoder that forgets its window with each block copies the wrong bytes",
        origin="RFC 1951, section 2: references may cross block borders",
        archive=tar.archive(tar.file(b"repeated", _REPEATED * 4)),
        named={b"repeated": _REPEATED * 4},
    ),
    *_empty("stored", stored),
    *_empty("fixed", fixed),
    *_empty("dynamic", _nothing),
)

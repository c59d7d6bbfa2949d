"""Codes of dynamic blocks: unusual ones that are valid all the same (GZ-1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.sample import ARCHIVE, TREE, expanded, noise
from injector_conformance.chapters.recipes import Named, completes, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import Block, Match, dynamic, stored, stream
from injector_fixtures.huffman import Lengths, optimal
from injector_fixtures.symbols import COPY, END_OF_BLOCK, RUNS

_SECTION: Final = "RFC 1951, section 3.2.7"
_LONG: Final = "a table for nine or ten bits at a time needs a second step that is seldom taken"
_HEADER: Final = "a decoder that reads the code lengths otherwise gets every later symbol wrong"


def _case(
    identity: str,
    title: str,
    block: Callable[[], Block],
    *,
    why: str,
    origin: str = _SECTION,
    archive: bytes = ARCHIVE,
    named: Named = TREE,
    before: bytes = b"",
) -> Case:
    """The archive in one dynamic block, behind what ``before`` puts into a stored one."""

    def build() -> bytes:
        blocks = (stored(before), block()) if before else (block(),)
        return gzip.member(archive, deflated=stream(*blocks))

    return Case(
        id=f"gz-code-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-1",),
        init=made(build),
        expect=completes(named),
    )


def _skewed(symbols: Iterable[int], limit: int) -> Lengths:
    """A complete code in which the first symbols are short and the last as long as allowed."""
    weights, one, two = {}, 1, 1
    for symbol in reversed(list(symbols)):
        weights[symbol] = one
        one, two = two, one + two
    return optimal(weights, limit)


def _literals() -> Lengths:
    """A code for the archive with lengths up to 15."""
    common = [symbol for symbol, _ in Counter(ARCHIVE).most_common()]
    return _skewed([*common, END_OF_BLOCK], 15)


_REPEATED: Final = expanded(noise(300), *[Match(100, 300)] * 3, Match(9, 1))
_HEAD: Final = tar.header(b"repeated", size=len(_REPEATED)) + _REPEATED[:300]
_REST: Final = tar.padded(_REPEATED)[len(_REPEATED) :] + tar.END
_FULL: Final = tar.archive(tar.file(b"repeated", _REPEATED))


def _matching(identity: str, title: str, distances: Lengths | None, why: str) -> Case:
    """A file with matches at the distances 300 and 1, behind a stored block."""
    return _case(
        f"distances-{identity}",
        title,
        lambda: dynamic(*[Match(100, 300)] * 3, Match(9, 1), _REST, distances=distances),
        why=why,
        archive=_FULL,
        named={b"repeated": _REPEATED},
        before=_HEAD,
    )


_FAR: Final = expanded(noise(30_000), Match(200, 30_000))


def _single(identity: str, title: str, content: bytes, before: int, *tokens: Match) -> Case:
    """A file with matches at one distance: the code for it has one bit, the other is unused."""
    head = tar.header(b"single", size=len(content)) + content[:before]
    return _case(
        f"single-distance{identity}",
        title,
        lambda: dynamic(*tokens, tar.padded(content)[len(content) :] + tar.END),
        why="the one code that need not be complete is refused as incomplete",
        origin="RFC 1951, section 3.2.7: one distance code of one bit",
        archive=tar.archive(tar.file(b"single", content)),
        named={b"single": content},
        before=head,
    )


def _listed(literals: Lengths, distances: Lengths, hlit: int, hdist: int) -> list[int]:
    """The two alphabets' lengths in a row, as a block header transmits them."""
    return [
        *(literals.get(symbol, 0) for symbol in range(hlit)),
        *(distances.get(symbol, 0) for symbol in range(hdist)),
    ]


def _in_groups(*groups: tuple[int, int]) -> Lengths:
    """Code lengths of neighbouring symbols, from groups of (count, length)."""
    return dict(enumerate(chain.from_iterable([length] * count for count, length in groups)))


def _repeats_of_zero(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Code length symbols that write runs of zeros as a zero and repetitions of it."""
    for length, group in groupby(lengths):
        run = len(list(group))
        yield length, 0
        run -= 1
        shortest, bits = RUNS[COPY]
        while run >= shortest:
            step = min(run, shortest + (1 << bits) - 1)
            yield COPY, step - shortest
            run -= step
        yield from [(length, 0)] * run


def _spelled_out() -> Block:
    """No run is shortened: every length of both alphabets is written."""
    literals = optimal({**Counter(ARCHIVE), END_OF_BLOCK: 1}, 15)
    lengths = _listed(literals, {}, 286, 30)
    return dynamic(
        ARCHIVE,
        literals=literals,
        hlit=286,
        hdist=30,
        length_symbols=[(length, 0) for length in lengths],
    )


def _zeros_repeated() -> Block:
    literals = optimal({**Counter(ARCHIVE), END_OF_BLOCK: 1}, 15)
    lengths = _listed(literals, {}, 286, 30)
    return dynamic(
        ARCHIVE,
        literals=literals,
        hlit=286,
        hdist=30,
        length_symbols=list(_repeats_of_zero(lengths)),
    )


def _two_lengths() -> Block:
    """All codes eight bits long, so that only the lengths 0 and 8 have to be transmitted."""
    unused = next(byte for byte in range(256) if byte not in _SPARSE)
    literals = {symbol: 8 for symbol in range(257) if symbol != unused}
    symbols = [(length, 0) for length in _listed(literals, {}, 257, 1)]
    return dynamic(_SPARSE, literals=literals, length_symbols=symbols)


_SPARSE: Final = tar.archive(tar.file(b"sparse", b"few different bytes\n"))

_BORDER: Final = expanded(noise(300), Match(5, 300), Match(4, 1), Match(3, 300))
_BORDER_DISTANCES: Final = {0: 9, 1: 9, 2: 8, 3: 7, 4: 6, 5: 5, 6: 4, 7: 3, 8: 2, 16: 1}


def _run_over_border() -> Block:
    """The last literal/length codes and the first distance codes have nine bits: one run."""
    rest = tar.padded(_BORDER)[len(_BORDER) :] + tar.END
    tokens = (Match(5, 300), Match(4, 1), Match(3, 300), rest)
    return dynamic(*tokens, literals=_in_groups((252, 8), (8, 9)), distances=_BORDER_DISTANCES)


def _every_code() -> Block:
    """All 286 literal/length codes and all 30 distance codes."""
    literals, distances = _in_groups((226, 8), (60, 9)), _in_groups((2, 4), (28, 5))
    return dynamic(ARCHIVE, literals=literals, distances=distances)


_BITS: Final = (
    _case(
        "fifteen-bits",
        "literal codes of up to 15 bits",
        lambda: dynamic(ARCHIVE, literals=_literals()),
        why=_LONG,
        origin="RFC 1951, section 3.2.7: lengths up to 15",
    ),
    _matching(
        "fifteen-bits",
        "distance codes of up to 15 bits",
        _skewed([*range(1, 16), 0, 16], 15),
        _LONG,
    ),
    _case(
        "lengths-of-seven-bits",
        "codes of up to seven bits for the code lengths, all 19 of them listed",
        lambda: dynamic(ARCHIVE, length_code=_skewed([18, 17, 16, *range(16)], 7)),
        why=_HEADER,
    ),
    _case(
        "two-lengths-only",
        "every code has eight bits: the code lengths are 0 and 8, one bit for each",
        _two_lengths,
        why=_HEADER,
        archive=_SPARSE,
        named={b"sparse": b"few different bytes\n"},
    ),
    _case(
        "every-code",
        "codes for all 286 literals and lengths and all 30 distances",
        _every_code,
        why="a table of 256 entries, or of 285, is too short",
    ),
)

_DISTANCES: Final = (
    _single(
        "",
        "a single distance code, of one bit",
        expanded(noise(300), Match(200, 300), Match(200, 300)),
        300,
        Match(200, 300),
        Match(200, 300),
    ),
    _single(
        "-farthest", "a single distance code, with 13 extra bits", _FAR, 30_000, Match(200, 30_000)
    ),
    _case(
        "single-distance-unused",
        "a single distance code and no match to use it",
        lambda: dynamic(ARCHIVE, distances={0: 1}),
        why="compressors write one code where none is needed, for readers that want one",
        origin="zlib, deflate: at least one distance code is sent",
    ),
    _case(
        "no-distance",
        "literals alone: one distance code of zero bits",
        lambda: dynamic(ARCHIVE),
        why="an empty distance code is refused as incomplete",
        origin="RFC 1951, section 3.2.7: one distance code of zero bits",
    ),
    _case(
        "no-distance-of-30",
        "literals alone: 30 distance codes of zero bits",
        lambda: dynamic(ARCHIVE, hdist=30),
        why="an empty distance code is refused as incomplete",
        origin="RFC 1951, section 3.2.7",
    ),
    _matching("two", "two distance codes of one bit each", None, _HEADER),
)

_RUNS: Final = (
    _case(
        "run-over-border",
        "a run of equal lengths that crosses from the literals to the distances",
        _run_over_border,
        why=_HEADER,
        origin="RFC 1951, section 3.2.7: code lengths form a single sequence",
        archive=tar.archive(tar.file(b"border", _BORDER)),
        named={b"border": _BORDER},
        before=tar.header(b"border", size=len(_BORDER)) + _BORDER[:300],
    ),
    _case(
        "zeros-over-border",
        "a run of zero lengths that crosses from the literals to the distances",
        lambda: dynamic(*[Match(100, 300)] * 3, _REPEATED[600:], _REST, hlit=286),
        why=_HEADER,
        origin="RFC 1951, section 3.2.7: code lengths form a single sequence",
        archive=_FULL,
        named={b"repeated": _REPEATED},
        before=_HEAD,
    ),
    _case(
        "no-runs",
        "every code length of both alphabets spelled out",
        _spelled_out,
        why=_HEADER,
    ),
    _case(
        "zeros-by-repetition",
        "runs of zeros written as a zero and repetitions of it",
        _zeros_repeated,
        why="no usual compressor does so, and the format allows it",
        origin="RFC 1951, section 3.2.7: 16 copies the previous code length",
    ),
)

CASES: Final = (*_BITS, *_DISTANCES, *_RUNS)

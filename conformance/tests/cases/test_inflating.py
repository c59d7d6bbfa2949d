"""Gzip streams as far as they go: content, borders, and what is wrong where."""

from __future__ import annotations

import gzip as standard

import pytest

from injector_conformance.cases.inflating import Inflation, Part
from injector_fixtures import gzip, seeded

MOST = 1 << 20
TEXT = seeded.noise("inflating", 5_000)


def inflated(payload: bytes, most: int = MOST) -> tuple[bytes, list[Part], bool]:
    inflation = Inflation(payload, most)
    return b"".join(inflation), inflation.parts, inflation.is_cut


@pytest.mark.parametrize("level", [None, 1, 9])
def test_members_with_every_field(level: int | None) -> None:
    first = gzip.member(
        TEXT, level=level, extra=b"e" * 300, name=b"n", comment=b"c", header_crc="right"
    )
    second = gzip.member(b"second", level=level)

    content, parts, is_cut = inflated(first + second)

    assert content == standard.decompress(first + second)
    assert parts == [Part(0, len(first), 5000), Part(len(first), len(second), 6)]
    assert not is_cut


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (gzip.member(TEXT, crc=1), "CRC-32 is wrong"),
        (gzip.member(TEXT, isize=7), "its length says 7 bytes"),
        (gzip.member(TEXT, header_crc="wrong"), "the header's checksum is wrong"),
        (gzip.member(TEXT, method=7), "method 7"),
        (gzip.member(TEXT, reserved=0x20), "reserved flags 0x20"),
        (gzip.member(TEXT)[:-3], "ends after 5 of 8 bytes of its trailer"),
        (gzip.member(TEXT) + b"garbage", "no gzip member"),
    ],
)
def test_what_is_wrong_is_told_and_the_content_is_there(broken: bytes, fault: str) -> None:
    content, parts, _ = inflated(broken)

    assert content == TEXT
    assert [word for one in parts for word in one.faults] == [fault]


def test_all_that_comes_before_an_error_comes_out() -> None:
    deflated = bytearray(gzip.member(TEXT[:3000])[10:-8] + b"\xff" * 20)
    deflated[0] &= 0xFE  # another block follows: one of the type that there is not

    content, (part,), _ = inflated(gzip.member(deflated=deflated))

    assert content == TEXT[:3000]
    assert part.faults == (f"at byte {10 + 5 + 3000:,}: invalid block type",)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 9, 10, 15, 100])
def test_a_stream_that_ends_too_early(size: int) -> None:
    content, parts, _ = inflated(gzip.member(TEXT)[:size])

    assert TEXT.startswith(content)
    assert bool(parts) == (size > 1)
    assert all("ends amid" in one.faults[0] for one in parts)


def test_no_more_comes_out_than_is_asked_for() -> None:
    content, (part,), is_cut = inflated(gzip.member(bytes(1 << 22), level=9), most=100_000)

    assert content == bytes(100_000)
    assert part.content == 100_000
    assert is_cut


def test_what_is_no_stream_has_no_parts() -> None:
    assert inflated(b"BZh9" + TEXT) == (b"", [], False)

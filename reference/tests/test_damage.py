"""Damaged payloads: whatever happens to the bytes, an :class:`InjectorError` is all that comes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injector_fixtures import gzip, sparse, tar
from tests.injector_stage import Stage
from zarf_injector.errors import InjectorError

MEMBERS = (
    tar.directory(b"d"),
    tar.file(b"d/a", b"1" * 700),
    tar.gnu_longname(b"l/" * 60 + b"n"),
    tar.file(b"x", b"2"),
    tar.pax({b"path": b"p", b"size": b"3"}),
    tar.file(b"x", b"333"),
    tar.symlink(b"s", b"d"),
    tar.hardlink(b"h", b"d/a"),
    sparse.gnu(b"g", [(1024, 4)], b"data", 4096),
)
ARCHIVE = tar.archive(*MEMBERS)
PAYLOAD = gzip.member(ARCHIVE, level=6, name=b"n")

once_per_example = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def guarded(stage: Stage, tmp_path: Path) -> Iterator[Stage]:
    """A stage whose surroundings must not change."""
    (tmp_path / "canary").touch(0o600)
    yield stage
    assert sorted(os.listdir(tmp_path)) == ["canary", "init", "output"]
    assert (tmp_path / "canary").stat().st_mode == 0o100600
    assert (tmp_path / "canary").stat().st_size == 0


def changed(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    damaged = bytearray(data)
    for position, value in changes:
        damaged[position % len(damaged)] ^= value
    return bytes(damaged)


changes = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), min_size=1, max_size=4)


@once_per_example
@given(changes=changes)
def test_in_the_compressed_stream(guarded: Stage, changes: list[tuple[int, int]]) -> None:
    with contextlib.suppress(InjectorError):
        guarded.inject(changed(PAYLOAD, changes))


@once_per_example
@given(changes=changes)
def test_in_the_archive(guarded: Stage, changes: list[tuple[int, int]]) -> None:
    with contextlib.suppress(InjectorError):
        guarded.inject(gzip.member(changed(ARCHIVE, changes)))


@once_per_example
@given(
    member=st.integers(0, len(MEMBERS) - 1),
    start=st.integers(0, 511),
    value=st.binary(min_size=1, max_size=12),
)
def test_in_a_header_with_a_right_checksum(
    guarded: Stage, member: int, start: int, value: bytes
) -> None:
    """Such a header is what an attacker makes."""
    members = list(MEMBERS)
    head = (members[member][:start] + value + members[member][start + len(value) :])[:512]
    members[member] = tar.with_checksum(head) + members[member][512:]

    with contextlib.suppress(InjectorError):
        guarded.extract(*members)


@once_per_example
@given(length=st.integers(0, len(PAYLOAD) - 1))
def test_by_truncation(guarded: Stage, length: int) -> None:
    with pytest.raises(InjectorError):
        guarded.inject(PAYLOAD[:length])

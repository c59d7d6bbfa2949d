"""Pax records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injector_fixtures import tar
from zarf_injector import errors
from zarf_injector.tar import pax

keywords = st.binary(min_size=1, max_size=20).filter(lambda text: b"=" not in text)


@given(st.lists(st.tuples(keywords, st.binary(max_size=120)), max_size=5))
def test_any_records_are_read_back(records: list[tuple[bytes, bytes]]) -> None:
    data = b"".join(tar.record(keyword, value) for keyword, value in records)

    assert list(pax.records(data)) == records


def test_values_may_hold_newlines_and_equals_signs() -> None:
    assert dict(pax.records(b"16 path=a\n=b=\nc\n")) == {b"path": b"a\n=b=\nc"}


@pytest.mark.parametrize("zeros", [1, 20, 300, 5000])
def test_leading_zeros_of_a_length_do_not_count(zeros: int) -> None:
    rest = b" path=x\n"
    length = next(n for n in range(9, 9999) if zeros + len(str(n)) + len(rest) == n)

    assert list(pax.records(b"0" * zeros + b"%d" % length + rest)) == [(b"path", b"x")]


@pytest.mark.parametrize(
    "data",
    [
        b"path=x\n",
        b" path=x\n",
        b"10path=xx\n",
        b"99 path=x\n",
        b"9 path=x\n\n",
        b"8 path=x\n",
        b"9 path=xx",
        b"11 path=x\n",
        b"0 \n",
        b"0 a=b\n",
        b"1 a=b\n",
        b"3 a=b\n",
        b"-9 path=x\n",
        b"+9 path=x\n",
        b"9  path=\n\n",
        b"6 path\n",
        b"4 =\n",
        b"0x9 path=x\n",
        b"9" * 30 + b" path=x\n",
        b"9 path=x\n\0",
        b"\0" * 10,
        "\u0669 path=x\n".encode(),
    ],
)
def test_what_is_no_record(data: bytes) -> None:
    with pytest.raises(errors.MalformedRecordError):
        list(pax.records(data))


@given(st.binary(max_size=60))
def test_nothing_else_is_ever_raised(data: bytes) -> None:
    try:
        records = list(pax.records(data))
    except errors.MalformedRecordError:
        return
    assert sum(len(keyword) + len(value) for keyword, value in records) < len(data) or not data


@pytest.mark.parametrize(
    ("keyword", "sparse"),
    [(b"GNU.sparse.map", True), (b"GNU.sparse.major", True), (b"SCHILY.xattr.user.a", False)],
)
def test_sparse_keywords(keyword: bytes, sparse: bool) -> None:
    assert pax.is_sparse(keyword) is sparse

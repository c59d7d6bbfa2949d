"""Archives as far as they can be read: against Python's own reader, and where that gives up."""

from __future__ import annotations

import io
import itertools
import tarfile
import tracemalloc

import pytest

from injector_conformance.cases.archive import Gap, Member, number, read
from injector_fixtures import sparse, tar


def members(archive: bytes, piece: int = 700) -> list[Member]:
    pieces = [archive[at : at + piece] for at in range(0, len(archive), piece)]
    return [one for one in read(pieces) if isinstance(one, Member)]


def test_it_reads_what_another_reader_reads() -> None:
    archive = tar.archive(
        tar.directory(b"d/"),
        tar.pax({b"path": b"d/" + b"n" * 200}),
        tar.file(b"cut", b"data" * 500),
        tar.gnu_longname(b"g" * 150),
        tar.file(b"g", b"x", magic=tar.GNU),
        tar.symlink(b"link", b"d"),
        tar.file(b"last", b"1", prefix=b"in/front"),
    )
    with tarfile.open(fileobj=io.BytesIO(archive)) as reader:
        known = [(one.name, one.size, one.mode) for one in reader]

    found = [one for one in members(archive) if one.typeflag not in b"xL"]

    assert [(one.name.decode().rstrip("/"), one.size, one.mode) for one in found] == known
    assert [one.faults for one in found] == [()] * len(known)
    assert found[3].target == b"d"


@pytest.mark.parametrize("extents", [3, 4, 5, 25, 26, 60])
def test_a_sparse_member_takes_its_extensions_with_it(extents: int) -> None:
    places = [(1024 * number, 512) for number in range(extents)]
    one = sparse.gnu(b"s", places, bytes(range(1, 129)) * 4 * extents, 1024 * extents)

    assert [each.name for each in members(tar.archive(one, tar.file(b"after")))] == [
        b"s",
        b"after",
    ]


def test_the_size_of_a_record_counts() -> None:
    hidden = tar.header(b"smuggled")
    archive = tar.pax({b"size": b"512"}) + tar.header(b"f", size=0) + hidden + tar.file(b"after")

    _, one, after = members(archive)

    assert (one.size, one.faults) == (512, ("size 0 in the header",))
    assert after.name == b"after"


def test_what_is_broken_is_told_and_read_on() -> None:
    archive = tar.archive(
        tar.file(b"sum", checksum=1),
        tar.file(b"size", size=b"nonsense"),
        tar.directory(b"d", size=4096),
        tar.file(b"after"),
    )

    found = members(archive)

    assert [one.name for one in found] == [b"sum", b"size", b"d", b"after"]
    assert [one.faults for one in found] == [
        ("checksum is wrong",),
        ("size is no number",),
        ("without its data",),
        (),
    ]


def test_what_stands_behind_the_end_is_told() -> None:
    archive = tar.archive(tar.file(b"f")) + b"\1" * 600 + bytes(424) + tar.file(b"behind")

    kinds = [(type(one), one.offset) for one in read([archive])]

    assert kinds == [(Member, 0), (Gap, 512), (Gap, 1536), (Member, 2560)]


def test_data_that_is_missing() -> None:
    assert members(tar.header(b"f", size=4096) + bytes(1000))[0].faults == (
        "only 1,000 bytes of its data are there",
    )


@pytest.mark.parametrize(
    "records", [b"99999999999999999999 size=1\n", b"5 size=1\n", b"0 a=b\n", b"junk", b"9 path"]
)
def test_records_that_lie_do_no_harm(records: bytes) -> None:
    assert members(tar.archive(tar.pax(records), tar.file(b"f", b"1")))[1].size == 1


@pytest.mark.parametrize("value", [0, 1, 0o777, -1, -512, (1 << 62) - 1])
def test_numbers_in_base_256(value: int) -> None:
    assert number(tar.base256(value, 12)) == value


def test_huge_data_is_not_held() -> None:
    block = bytes(1 << 20)
    pieces = itertools.chain(
        [tar.header(b"f", size=tar.base256(1 << 36, 12))], itertools.repeat(block, 256)
    )
    tracemalloc.start()

    (one,) = read(pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert isinstance(one, Member)
    assert one.faults == (f"only {256 << 20:,} bytes of its data are there",)
    assert peak < 16 << 20

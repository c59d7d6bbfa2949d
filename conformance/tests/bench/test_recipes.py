"""The payloads: what they hold, and that along a series one thing varies."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from injector_conformance.bench import UsageError
from injector_conformance.bench.prepared import Prepared, count_files, prepare
from injector_conformance.bench.recipes import DIMENSIONS, RECIPES, WHOLE, select
from injector_conformance.profiles.profile import PROGRAM


def archive(payload: Prepared) -> tarfile.TarFile:
    """The payload as another reader sees it."""
    chunks = sorted(path for path in payload.init.iterdir() if path.name != PROGRAM)
    joined = b"".join(path.read_bytes() for path in chunks)
    return tarfile.open(fileobj=io.BytesIO(joined), mode="r:gz")


@pytest.mark.parametrize("name", ["start-up", "size-1", "chunks-250", "chunks-2000", "depth-40"])
def test_a_payload_holds_what_it_says(name: str, tmp_path: Path) -> None:
    payload = prepare(RECIPES[name], tmp_path / "payload")

    with archive(payload) as opened:
        files = [member for member in opened if member.isfile()]
    assert len(files) == payload.files
    assert sum(member.size for member in files) == payload.content == payload.recipe.size
    sizes = [path.stat().st_size for path in payload.init.iterdir() if path.name != PROGRAM]
    assert (len(sizes), sum(sizes)) == (payload.chunks, payload.compressed)


@pytest.mark.parametrize("chunks", [250, 500, 1000, 2000])
def test_the_number_of_chunks_is_nearly_what_the_name_says(chunks: int, tmp_path: Path) -> None:
    payload = prepare(RECIPES[f"chunks-{chunks}"], tmp_path / "payload")

    assert chunks * 0.99 <= payload.chunks <= chunks


@pytest.mark.parametrize("depth", [1, 16, 40])
def test_files_are_as_deep_as_the_name_says(depth: int, tmp_path: Path) -> None:
    payload = prepare(RECIPES[f"depth-{depth}"], tmp_path / "payload")

    with archive(payload) as opened:
        assert {one.name.count("/") for one in opened if one.isfile()} == {depth}


def test_a_payload_is_the_same_every_time(tmp_path: Path) -> None:
    one, other = (prepare(RECIPES["size-1"], tmp_path / name) for name in ("one", "other"))

    assert one.sha256 == other.sha256


def test_every_dimension_has_payloads_and_every_floor_is_one() -> None:
    assert {one.dimension for one in RECIPES.values()} == {one.name for one in DIMENSIONS}
    assert all(one.floor in RECIPES for one in DIMENSIONS if one.floor)
    assert set(WHOLE) <= {one.name for one in DIMENSIONS}


def test_files_are_counted_as_files_only(tmp_path: Path) -> None:
    (tmp_path / "folder" / "empty").mkdir(parents=True)
    (tmp_path / "folder" / "file").touch()
    (tmp_path / "link").symlink_to("folder/file")
    (tmp_path / "file").touch()

    assert count_files(tmp_path) == 2


class TestSelect:
    def test_nothing_named_is_everything(self) -> None:
        assert select([]) == list(RECIPES.values())

    def test_quick_is_less(self) -> None:
        quick = select([], quick=True)

        assert 0 < len(quick) < len(RECIPES)
        assert max(one.size for one in quick) < 60_000_000

    def test_payloads_and_dimensions_by_name_in_their_order(self) -> None:
        names = [one.id for one in select(["depth", "seed"])]

        assert names == ["seed", "depth-1", "depth-4", "depth-16", "depth-40"]

    def test_an_unknown_name_is_explained(self) -> None:
        with pytest.raises(UsageError, match=r"no payload tres; did you mean tree\?"):
            select(["tres"])

"""The floor writes the same files, or it would be no floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from injector_conformance.bench import floor
from injector_conformance.bench.prepared import prepare
from injector_conformance.bench.recipes import RECIPES


@pytest.mark.parametrize("name", ["start-up", "size-1", "depth-4"])
def test_it_writes_what_the_payload_holds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, output = RECIPES[name], tmp_path / "output"
    payload = prepare(recipe, tmp_path / "payload")
    output.mkdir()
    monkeypatch.chdir(payload.init)

    assert floor.main(str(payload.plan), str(output), payload.sha256) == 0

    for member in recipe.make().members():
        path = output / member.name.decode()
        if member.is_directory:
            assert path.is_dir()
        else:
            whole = b"".join(block.data for block in member.blocks) + member.tail
            assert path.read_bytes() == whole


def test_it_hashes_the_whole_payload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    payload = prepare(RECIPES["size-1"], tmp_path / "payload")
    (tmp_path / "output").mkdir()
    monkeypatch.chdir(payload.init)

    assert floor.main(str(payload.plan), str(tmp_path / "output"), "0" * 64) == 1

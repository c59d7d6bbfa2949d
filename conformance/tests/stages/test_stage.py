from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.host.removal import remove
from injector_conformance.stages.snapshot import take
from injector_conformance.stages.stage import Stage
from injector_fixtures.layout import Entry, File, Folder, InitDirectory

DeepTree = Callable[[Path, int], None]


class TestRemove:
    def test_no_tree_is_too_deep(self, work: Path, deep_tree: DeepTree) -> None:
        top = work / "top"
        top.mkdir()
        deep_tree(top, 5000)

        remove(top)

        assert not top.exists()

    def test_closed_directories_are_opened(self, tmp_path: Path) -> None:
        closed = tmp_path / "top" / "closed"
        (closed / "inner").mkdir(parents=True)
        (closed / "inner").chmod(0)
        closed.chmod(0)

        remove(tmp_path / "top")

        assert list(tmp_path.iterdir()) == []

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        kept = tmp_path / "kept"
        kept.mkdir()
        (kept / "file").touch()
        (tmp_path / "top").mkdir()
        (tmp_path / "top" / "link").symlink_to(kept)

        remove(tmp_path / "top")

        assert (kept / "file").exists()

    def test_what_is_not_there_is_removed_already(self, tmp_path: Path) -> None:
        remove(tmp_path / "nothing")

    def test_names_of_its_own_do_not_collide(self, tmp_path: Path) -> None:
        for name in ("a/.removing-1/x", "a/.removing-2", ".removing-1/.removing-3"):
            (tmp_path / "top" / name).mkdir(parents=True)

        remove(tmp_path / "top")

        assert list(tmp_path.iterdir()) == []


class TestPrepare:
    def test_nothing_of_the_case_before_is_left(self, tmp_path: Path, ordinary: Case) -> None:
        stage = Stage(tmp_path)
        stage.prepare(ordinary, InitDirectory({b"zarf-payload-0": File(b"x")}, b"x"))
        (stage.output / "left").mkdir(mode=0)
        stage.output.chmod(0o500)

        stage.prepare(ordinary, InitDirectory({b"zarf-payload-1": File(b"y")}, b"y"))

        assert sorted(os.listdir(stage.init)) == ["zarf-injector", "zarf-payload-1"]
        assert os.listdir(stage.output) == []
        assert stat.S_IMODE(stage.output.stat().st_mode) == 0o755

    def test_directories_keep_their_inodes(self, tmp_path: Path, ordinary: Case) -> None:
        stage = Stage(tmp_path)
        before = stage.output.stat().st_ino

        stage.prepare(ordinary, InitDirectory({}, b""))

        assert stage.output.stat().st_ino == before

    def test_an_output_directory_that_was_replaced_is_made_anew(
        self, tmp_path: Path, ordinary: Case
    ) -> None:
        stage = Stage(tmp_path)
        stage.output.rmdir()
        stage.output.symlink_to("/")

        stage.prepare(ordinary, InitDirectory({}, b""))

        assert stage.output.is_dir()
        assert not stage.output.is_symlink()

    def test_what_lies_in_the_output_directory_before(
        self, tmp_path: Path, ordinary: Case
    ) -> None:
        existing: dict[bytes, Entry] = {b"d": Folder(0o700), b"d/f": File(b"old", 0o600)}
        case = replace(ordinary, conditions=Conditions(existing=existing))
        stage = Stage(tmp_path)

        stage.prepare(case, InitDirectory({}, b""))

        assert (stage.output / "d" / "f").read_bytes() == b"old"

    def test_the_output_directory_gets_its_mode(self, tmp_path: Path, ordinary: Case) -> None:
        case = replace(
            ordinary, conditions=Conditions(output_mode=0o1730, existing={b"f": File(b"old")})
        )
        stage = Stage(tmp_path)

        stage.prepare(case, InitDirectory({}, b""))

        assert stat.S_IMODE(stage.output.stat().st_mode) == 0o1730

    @pytest.mark.needs("root")
    def test_the_pod_gets_an_empty_dir_with_its_group(
        self, tmp_path: Path, ordinary: Case
    ) -> None:
        stage = Stage(tmp_path)

        stage.prepare(replace(ordinary, conditions=Conditions(user="pod")), InitDirectory({}, b""))

        found = stage.output.stat()
        assert (found.st_uid, found.st_gid) == (0, 2000)
        assert stat.S_IMODE(found.st_mode) == 0o2777


def test_a_stray_chmod_of_a_canary_shows(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    before = take(stage.root)

    for name in ("file", "directory", "directory/inner"):
        (stage.root / "canary" / name).chmod(0o755)

    after = take(stage.root)
    changed = {name for name, one in after.prints.items() if before.prints[name] != one}
    assert changed == {b"canary/file", b"canary/directory", b"canary/directory/inner"}

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.stages.snapshot import Budget, take
from injector_fixtures.tree import Directory, Regular, Special, Symlink, regular


def test_every_kind_of_object(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir(mode=0o700)
    (tmp_path / "f").write_bytes(b"content")
    (tmp_path / "f").chmod(0o640)
    (tmp_path / "l").symlink_to("nowhere")
    os.mkfifo(tmp_path / "p", 0o600)

    tree = take(tmp_path).tree()

    assert tree[b"d"] == Directory(0o700)
    content = regular(b"content")
    assert tree[b"f"] == Regular(content.size, content.sha256, 0o640)
    assert tree[b"l"] == Symlink(b"nowhere")
    assert tree[b"p"] == Special("fifo", 0o600)


def test_hard_links_are_told_by_the_smallest_name(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"x")
    (tmp_path / "a").hardlink_to(tmp_path / "b")
    (tmp_path / "c").write_bytes(b"x")

    tree = take(tmp_path).tree()

    assert [getattr(tree[name], "first_name", 0) for name in (b"a", b"b", b"c")] == [
        b"a",
        b"a",
        None,
    ]


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\n")).touch()

    assert list(take(tmp_path).tree()) == [b"\xff\n"]


def test_a_tree_deeper_than_path_max(work: Path, deep_tree: Callable[[Path, int], None]) -> None:
    deep_tree(work, 3000)

    tree = take(work).tree()

    assert len(tree) == 6000
    assert b"/".join([b"d"] * 3000) + b"/f" in tree


def test_closed_directories_are_read_with_the_mode_that_was_found(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "f").touch()
    (tmp_path / "d").chmod(0)

    tree = take(tmp_path).tree()

    assert tree[b"d"] == Directory(0)
    assert b"d/f" in tree


def test_closed_objects_are_closed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The superuser may read everything; refusals are what an ordinary user gets."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "f").write_bytes(b"secret")
    (tmp_path / "d" / "f").chmod(0)
    (tmp_path / "d").chmod(0)
    really_open = os.open

    def refuse(path: bytes, flags: int, *, dir_fd: int | None = None) -> int:
        if not os.stat(path, dir_fd=dir_fd, follow_symlinks=False).st_mode & stat.S_IRUSR:
            raise PermissionError(errno.EACCES, "refused", path)
        return really_open(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)

    first, second = take(tmp_path), take(tmp_path)

    assert first == second
    assert first.tree() == {
        b"d": Directory(0),
        b"d/f": replace(regular(b"secret"), mode=0),
    }
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0
    assert stat.S_IMODE((tmp_path / "d" / "f").stat().st_mode) == 0


def test_a_directory_that_is_gone_or_replaced_is_an_empty_snapshot(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    assert take(tmp_path / "gone").prints == {}
    assert take(tmp_path / "link").prints == {}


def test_skipped_names_are_skipped_at_the_top_only(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "d" / "s").mkdir(parents=True)

    assert set(take(tmp_path, frozenset((b"s",))).tree()) == {b"d", b"d/s"}


def test_without_contents_there_are_sizes_times_and_modes(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "f").write_bytes(b"content")
    (tmp_path / "d" / "f").chmod(0o200)

    light = take(tmp_path, contents=False)

    assert light.tree() == {b"d": take(tmp_path).tree()[b"d"], b"d/f": Regular(7, "", 0o200)}
    os.utime(tmp_path / "d" / "f", (1, 1))
    assert take(tmp_path, contents=False) != light


def test_a_budget_bounds_the_number_of_objects(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / str(number)).touch()

    seen = take(tmp_path, budget=Budget(entries=10))

    assert seen.excess == "more than 10 objects"
    assert len(seen.prints) <= 12
    assert not take(tmp_path, budget=Budget(entries=30)).excess


def test_sparse_files_are_not_read_beyond_the_budget(tmp_path: Path) -> None:
    for number in range(20):
        with (tmp_path / str(number)).open("wb") as file:
            file.truncate(1 << 30)

    assert take(tmp_path).excess == "files of more than 1,024 MiB together"
    assert not take(tmp_path, contents=False).excess


def test_a_file_of_many_names_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(bytes(1000))
    for number in range(1, 50):
        (tmp_path / str(number)).hardlink_to(tmp_path / "0")

    seen = take(tmp_path, budget=Budget(content=1500))

    assert not seen.excess
    assert {one.entry for name, one in seen.prints.items() if name != b"."} == {
        replace(regular(bytes(1000)), mode=stat.S_IMODE((tmp_path / "0").stat().st_mode))
    }


def test_deep_trees_of_long_names_cost_no_more_than_the_budget(
    work: Path, deep_tree: Callable[[Path, int], None]
) -> None:
    deep_tree(work, 3000)

    seen = take(work, budget=Budget(names=1 << 20))

    assert seen.excess == "paths of more than 1 MiB together"
    assert sum(map(len, seen.prints)) <= 1 << 20


def test_a_look_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "f").touch()

    assert take(tmp_path, budget=Budget(seconds=-1)).excess == "to look at it takes more than -1 s"

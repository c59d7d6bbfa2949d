from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from injector_conformance.snapshot import take
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


def test_a_directory_that_is_gone_or_replaced_is_an_empty_snapshot(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    assert take(tmp_path / "gone").prints == {}
    assert take(tmp_path / "link").prints == {}


def test_skipped_names_are_skipped_at_the_top_only(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "d" / "s").mkdir(parents=True)

    assert set(take(tmp_path, frozenset((b"s",))).tree()) == {b"d", b"d/s"}

"""What members become, and what they replace, on a real file system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from injector_fixtures import tar
from tests.injector_stage import Stage
from zarf_injector import errors, extraction


class TestMembers:
    def test_become_what_they_are(self, stage: Stage) -> None:
        stage.extract(
            tar.directory(b"d/", mode=0),
            tar.file(b"d/f", b"1", mode=0o4000),
            tar.file(b"empty"),
            tar.symlink(b"d/s", b"../empty"),
            tar.hardlink(b"h", b"d/f"),
        )

        assert stage.tree() == {
            b"d": None,
            b"d/f": b"1",
            b"d/s": b"-> ../empty",
            b"empty": b"",
            b"h": b"1",
        }
        assert (stage.output / "h").samefile(stage.output / "d" / "f")
        assert stage.modes() == {0o755}

    def test_bring_their_parents(self, stage: Stage) -> None:
        stage.extract(tar.file(b"a/b/c", b"1"))

        assert stage.tree() == {b"a": None, b"a/b": None, b"a/b/c": b"1"}
        assert stage.modes() == {0o755}

    def test_larger_than_any_block(self, stage: Stage) -> None:
        data = os.urandom(3_000_000)

        stage.extract(tar.file(b"a", data), tar.file(b"b", data[:1000]))

        assert stage.tree() == {b"a": data, b"b": data[:1000]}

    def test_of_the_output_directory_change_nothing(self, stage: Stage) -> None:
        before = stage.output.stat().st_ino

        stage.extract(tar.directory(b".", mode=0), tar.directory(b"./", mode=0), tar.file(b"./a"))

        assert stage.tree() == {b"a": b""}
        assert stage.output.stat().st_ino == before

    @pytest.mark.parametrize("name", [b"", b".", b"./."])
    @pytest.mark.parametrize("type_", [b"0", b"1", b"2"])
    def test_that_would_replace_the_output_directory(
        self, stage: Stage, name: bytes, type_: bytes
    ) -> None:
        with pytest.raises(errors.OutputDirectoryNameError):
            stage.extract(tar.member(name, typeflag=type_, linkname=b"x"))

    def test_are_named_in_complaints(self, stage: Stage) -> None:
        with pytest.raises(errors.ParentReferenceError, match=r"entry 'link\\n': .*'a/\.\./b'"):
            stage.extract(tar.hardlink(b"link\n", b"a/../b"))


class TestReplacing:
    def test_the_last_file_wins(self, stage: Stage) -> None:
        stage.extract(tar.file(b"a", b"old"), tar.file(b"a", b"new"))

        assert stage.tree() == {b"a": b"new"}

    def test_other_names_of_a_file_keep_it(self, stage: Stage) -> None:
        stage.extract(tar.file(b"a", b"old"), tar.hardlink(b"b", b"a"), tar.file(b"a", b"new"))

        assert stage.tree() == {b"a": b"new", b"b": b"old"}

    def test_files_and_links_replace_each_other(self, stage: Stage) -> None:
        stage.extract(
            tar.file(b"t", b"1"),
            tar.symlink(b"a", b"t"),
            tar.file(b"a", b"2"),
            tar.file(b"b", b"3"),
            tar.symlink(b"b", b"t"),
            tar.file(b"c", b"4"),
            tar.hardlink(b"c", b"t"),
        )

        assert stage.tree() == {b"t": b"1", b"a": b"2", b"b": b"-> t", b"c": b"1"}

    def test_a_file_outside_is_not_written_through_a_link(
        self, stage: Stage, tmp_path: Path
    ) -> None:
        (tmp_path / "canary").write_bytes(b"canary")

        stage.extract(tar.symlink(b"a", b"../canary"), tar.file(b"a", b"new"))

        assert stage.tree() == {b"a": b"new"}
        assert (tmp_path / "canary").read_bytes() == b"canary"

    @pytest.mark.parametrize(
        "member", [tar.file(b"d"), tar.symlink(b"d", b"x"), tar.hardlink(b"d", b"x")]
    )
    def test_a_directory_is_not_replaced(self, stage: Stage, member: bytes) -> None:
        with pytest.raises(errors.DirectoryConflictError, match="entry 'd'"):
            stage.extract(tar.file(b"x", b"1"), tar.file(b"d/f", b"2"), member)

        assert stage.tree() == {b"x": b"1", b"d": None, b"d/f": b"2"}

    @pytest.mark.parametrize("member", [tar.file(b"d"), tar.symlink(b"d", b".")])
    def test_a_directory_replaces_nothing(self, stage: Stage, member: bytes) -> None:
        with pytest.raises(errors.DirectoryConflictError):
            stage.extract(member, tar.directory(b"d/"))

    def test_a_directory_keeps_what_is_in_it(self, stage: Stage) -> None:
        stage.extract(tar.file(b"d/f", b"1"), tar.directory(b"d"))

        assert stage.tree() == {b"d": None, b"d/f": b"1"}


class TestHardLinks:
    def test_to_nothing(self, stage: Stage) -> None:
        for target in (b"missing", b"missing/deep", b"", b"."):
            with pytest.raises(errors.MissingTargetError):
                stage.extract(tar.hardlink(b"h", target))

    def test_to_a_directory(self, stage: Stage) -> None:
        with pytest.raises(errors.MissingTargetError, match="not a file"):
            stage.extract(tar.directory(b"d"), tar.hardlink(b"h", b"d"))

    def test_to_itself(self, stage: Stage) -> None:
        stage.extract(tar.file(b"a", b"1"), tar.hardlink(b"a", b"a"))

        assert stage.tree() == {b"a": b"1"}

    def test_to_a_link_share_the_link(self, stage: Stage, tmp_path: Path) -> None:
        (tmp_path / "canary").touch(0o600)

        stage.extract(tar.symlink(b"s", b"../canary"), tar.hardlink(b"d/h", b"s"))

        assert stage.tree() == {b"s": b"-> ../canary", b"d": None, b"d/h": b"-> ../canary"}
        assert (tmp_path / "canary").stat().st_nlink == 1

    def test_through_a_link(self, stage: Stage, tmp_path: Path) -> None:
        (tmp_path / "canary").touch()

        with pytest.raises(errors.NotADirectoryInPathError):
            stage.extract(tar.symlink(b"up", b".."), tar.hardlink(b"h", b"up/canary"))

    def test_to_a_file_that_was_there_before(self, stage: Stage) -> None:
        (stage.output / "old").touch(0o600)

        stage.extract(tar.hardlink(b"h", b"old"))

        assert stage.modes() == {0o755}

    def test_to_a_fifo_that_was_there_before(self, stage: Stage) -> None:
        os.mkfifo(stage.output / "pipe")

        with pytest.raises(errors.MissingTargetError, match="not a file"):
            stage.extract(tar.hardlink(b"h", b"pipe"))


class TestWriting:
    def test_goes_on_after_a_short_write(self, monkeypatch: pytest.MonkeyPatch) -> None:
        taken: list[bytes] = []

        def short(_: int, piece: memoryview) -> int:
            taken.append(bytes(piece[:3]))
            return len(taken[-1])

        monkeypatch.setattr(os, "write", short)
        extraction.write(9, memoryview(b"abcdefgh"))

        assert taken == [b"abc", b"def", b"gh"]

    def test_a_refusal_names_the_entry(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int, __: memoryview) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(extraction, "write", lambda _, __: full(0, memoryview(b"")))

        with pytest.raises(errors.OutputError, match="entry 'a': No space left on device"):
            stage.extract(tar.file(b"a", b"1"))

    def test_a_fifo_in_the_way_is_not_opened(self, stage: Stage) -> None:
        os.mkfifo(stage.output / "a")

        stage.extract(tar.file(b"a", b"1"))

        assert stage.tree() == {b"a": b"1"}


def test_a_second_run_ends_as_the_first(stage: Stage) -> None:
    members = (
        tar.directory(b"d"),
        tar.file(b"d/a", b"1"),
        tar.hardlink(b"b", b"d/a"),
        tar.symlink(b"c", b"b"),
        tar.symlink(b"e", b"missing"),
        tar.file(b"c", b"2"),
    )

    stage.extract(*members)
    first = stage.tree()
    stage.extract(*members)

    assert stage.tree() == first
    assert (stage.output / "b").stat().st_nlink == 2

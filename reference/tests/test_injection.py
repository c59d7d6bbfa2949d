"""The whole of it, as a library call."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from injector_fixtures import gzip, layout, tar
from tests.injector_stage import Stage
from zarf_injector import errors, payload
from zarf_injector.errors import InjectorError
from zarf_injector.injection import inject

ARCHIVE = gzip.tgz(tar.directory(b"d"), tar.file(b"d/a", b"1" * 1000), tar.symlink(b"s", b"d"))
TREE = {b"d": None, b"d/a": b"1" * 1000, b"s": b"-> d"}


@pytest.mark.parametrize("size", [1, 7, 512, len(ARCHIVE) - 1, len(ARCHIVE)])
def test_wherever_the_chunks_are_cut(stage: Stage, size: int) -> None:
    stage.inject(ARCHIVE, size=size)

    assert stage.tree() == TREE


def test_progress_is_a_line_for_each_chunk_and_each_entry(stage: Stage) -> None:
    lines = stage.inject(ARCHIVE, size=len(ARCHIVE) // 2 + 1)

    assert lines == [
        "Processing zarf-payload-000",
        "Processing zarf-payload-001",
        f"chmod 755 {stage.output}/d",
        f"chmod 755 {stage.output}/d/a",
    ]


def test_a_whole_volume(stage: Stage) -> None:
    layout.volume(layout.cut(ARCHIVE, 100)).write(stage.init)

    inject(str(stage.init), str(stage.output))

    assert stage.tree() == TREE


class TestNothingIsWritten:
    """Neither below the output directory nor to itself, until everything is verified."""

    @pytest.fixture(autouse=True)
    def untouched(self, stage: Stage) -> None:
        stage.output.chmod(0o700)
        layout.subpath([ARCHIVE]).write(stage.init)
        self.before = stage.output.stat()

    def refused(self, stage: Stage, error: type[InjectorError], argument: str | None) -> None:
        with pytest.raises(error):
            inject(str(stage.init), str(stage.output), argument)

        assert stage.tree() == {}
        assert stage.output.stat().st_mode == self.before.st_mode
        assert stage.output.stat().st_mtime_ns == self.before.st_mtime_ns
        assert stage.output.stat().st_ctime_ns == self.before.st_ctime_ns

    def test_on_a_mismatch(self, stage: Stage) -> None:
        self.refused(stage, errors.ChecksumMismatchError, hashlib.sha256(b"else").hexdigest())

    def test_on_a_malformed_argument(self, stage: Stage) -> None:
        self.refused(stage, errors.MalformedChecksumError, "")

    def test_without_a_chunk(self, stage: Stage) -> None:
        (stage.init / "zarf-payload-000").unlink()

        self.refused(stage, errors.NoChunkError, None)

    def test_with_an_unreadable_chunk(self, stage: Stage) -> None:
        (stage.init / "zarf-payload-001").mkdir()

        self.refused(stage, errors.UnreadableChunkError, None)


def test_other_bytes_than_the_verified_ones_are_not_extracted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout.subpath([ARCHIVE]).write(stage.init)
    first_reading = payload.first_reading

    def swapped_afterwards(*arguments: object) -> object:
        yield from first_reading(*arguments)  # type: ignore[arg-type]  # passed on as they are
        (stage.init / "zarf-payload-000").write_bytes(gzip.tgz(tar.file(b"other")))

    monkeypatch.setattr(payload, "first_reading", swapped_afterwards)

    with pytest.raises(errors.ChangedChunkError):
        inject(str(stage.init), str(stage.output), hashlib.sha256(ARCHIVE).hexdigest())
    assert stage.tree() == {}


def test_what_follows_the_archive_is_checked(stage: Stage) -> None:
    """TAR-14: the archive is complete by then, and the payload is not."""
    broken = gzip.member(tar.archive(tar.file(b"a", b"1")) + bytes(1_000_000), level=9, isize=0)

    with pytest.raises(errors.ContentMismatchError):
        stage.inject(broken)


def test_the_init_directory_is_left_as_it_was(stage: Stage) -> None:
    stage.inject(ARCHIVE)
    chunk = stage.init / "zarf-payload-000"
    before = chunk.stat()

    inject(str(stage.init), str(stage.output))

    assert chunk.read_bytes() == ARCHIVE
    assert chunk.stat().st_mtime_ns == before.st_mtime_ns
    assert [path.name for path in stage.init.iterdir()] == [chunk.name]


def test_no_descriptor_stays_open(stage: Stage) -> None:
    layout.subpath([gzip.tgz(tar.file(b"d/a"), tar.fifo(b"p"))]).write(stage.init)
    before = os.listdir("/proc/self/fd")

    with pytest.raises(errors.SpecialFileError):
        inject(str(stage.init), str(stage.output))

    assert os.listdir("/proc/self/fd") == before


def test_the_tree_may_be_reached_through_a_link(stage: Stage, tmp_path: Path) -> None:
    """Whoever names the output directory may use links; only the archive may not."""
    (tmp_path / "link").symlink_to(stage.output)
    layout.subpath([ARCHIVE]).write(stage.init)

    inject(str(stage.init), str(tmp_path / "link"))

    assert stage.tree() == TREE
    assert stat.S_ISLNK((tmp_path / "link").lstat().st_mode)


def test_every_error_has_a_requirement() -> None:
    classes = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, InjectorError)
    ]

    assert len(classes) > 30
    for one in classes:
        chapter, _, number = one.requirement.partition("-")
        assert chapter in ("PAY", "SUM", "GZ", "TAR", "BOX", "MODE", "RUN")
        assert number.rstrip("a").isdigit()

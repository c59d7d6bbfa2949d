"""Permission bits."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from injector_fixtures import tar
from tests.injector_stage import Stage
from zarf_injector import errors, modes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.touch()
    return path


def test_settling_clears_every_other_bit(file: Path) -> None:
    file.chmod(0o7022)
    descriptor = os.open(file, os.O_RDONLY)

    modes.settle(descriptor)

    os.close(descriptor)
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


@pytest.fixture
def powerless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that lets nobody change a mode."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)


@pytest.mark.usefixtures("powerless")
class TestRefusedChange:
    def test_is_an_error(self, file: Path) -> None:
        file.chmod(0o600)

        with file.open() as opened, pytest.raises(errors.ModeError, match="not permitted"):
            modes.settle(opened.fileno())

    def test_does_not_matter_if_the_mode_is_right(self, file: Path) -> None:
        file.chmod(0o755)

        with file.open() as opened:
            modes.settle(opened.fileno())


class TestOutputDirectory:
    def test_is_settled_if_it_is_ours(self, stage: Stage) -> None:
        stage.output.chmod(0o2777)

        stage.extract(tar.file(b"a"))

        assert stat.S_IMODE(stage.output.stat().st_mode) == 0o755

    def test_is_left_alone_if_it_is_not(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage.output.chmod(0o2777)
        monkeypatch.setattr(os, "geteuid", lambda: stage.output.stat().st_uid + 1)

        stage.extract(tar.file(b"d/a"))

        assert stat.S_IMODE(stage.output.stat().st_mode) == 0o2777
        assert stage.modes() == {0o755}


class TestUmask:
    @pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
    def test_does_not_matter(self, stage: Stage, umask: int) -> None:
        before = os.umask(umask)
        try:
            stage.extract(tar.directory(b"d", mode=0), tar.file(b"d/e/a", mode=0))
            after = os.umask(umask)
        finally:
            os.umask(before)

        assert stage.modes() == {0o755}
        assert after == umask

    def test_comes_back_after_a_failure(self, stage: Stage) -> None:
        before = os.umask(0o027)
        try:
            with pytest.raises(errors.SpecialFileError):
                stage.extract(tar.fifo(b"p"))
            after = os.umask(before)
        finally:
            os.umask(before)

        assert after == 0o027


@pytest.mark.parametrize("target", [b"../canary", b"missing", b"link"])
def test_links_are_not_followed(stage: Stage, tmp_path: Path, target: bytes) -> None:
    (tmp_path / "canary").touch(0o600)

    stage.extract(tar.symlink(b"link", target), tar.file(b"a"))

    assert stat.S_IMODE((tmp_path / "canary").stat().st_mode) == 0o600
    assert stage.modes() == {0o755}


def test_what_was_there_before_keeps_its_mode(stage: Stage) -> None:
    (stage.output / "old").touch(0o600)

    stage.extract(tar.file(b"new"))

    assert stage.modes() == {0o600, 0o755}

"""The directory for stages: where it is made, and that it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from injector_conformance import workplace

MOST = 1 << 30

HOLDS = """
import sys, time
from injector_conformance import workplace
with workplace.opened(in_memory=False, most=0) as work:
    (work / "file").write_text("x")
    print(work, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for temporary files, chosen by the user."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def test_it_lies_where_the_user_says_and_goes(place: Path) -> None:
    with workplace.opened(in_memory=True, most=MOST) as work:
        assert work.parent == place
        assert work.stat().st_mode & 0o777 == 0o755
        (work / "stage").mkdir(mode=0)

    assert list(place.iterdir()) == []


def test_it_goes_after_an_error_too(place: Path) -> None:
    with pytest.raises(KeyError), workplace.opened(in_memory=False, most=MOST):
        raise KeyError

    assert list(place.iterdir()) == []


def test_memory_is_used_where_it_is_roomy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(workplace, "_MEMORY", memory)
    for is_roomy in (True, False):
        monkeypatch.setattr(workplace, "_suits", lambda *_, answer=is_roomy: answer)
        with workplace.opened(in_memory=True, most=MOST) as work:
            assert (work.parent == memory) is is_roomy
        with workplace.opened(in_memory=False, most=MOST) as work:
            assert work.parent != memory


def test_a_place_without_the_memory_for_it_does_not_suit(tmp_path: Path) -> None:
    assert not workplace._suits(tmp_path / "missing", MOST)
    monstrous = 1 << 60
    free = os.statvfs(tmp_path)
    if free.f_bavail * free.f_frsize > (1 << 50):
        pytest.skip("the disk is larger than any memory")
    assert not workplace._suits(Path("/proc"), monstrous)


@pytest.mark.usefixtures("place")
def test_what_a_killed_owner_has_left_is_removed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        left = Path(owner.stdout.readline().strip())
        with workplace.opened(in_memory=False, most=MOST):
            assert (left / "file").exists()
        owner.send_signal(signal.SIGKILL)
    assert (left / "file").exists()

    with workplace.opened(in_memory=False, most=MOST):
        assert not left.exists()


def test_directories_of_others_stay(place: Path) -> None:
    stranger = place / "injector-conformance-without-a-lock"
    stranger.mkdir()

    with workplace.opened(in_memory=False, most=MOST):
        pass

    assert stranger.exists()

"""The directory for stages: where it is made, and that it goes."""

from __future__ import annotations

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
    monkeypatch.setattr(workplace, "MEMORY", memory)
    for is_roomy in (True, False):
        monkeypatch.setattr(workplace, "_suits", lambda *_, answer=is_roomy: answer)
        with workplace.opened(in_memory=True, most=MOST) as work:
            assert (work.parent == memory) is is_roomy
        with workplace.opened(in_memory=False, most=MOST) as work:
            assert work.parent != memory


@pytest.mark.parametrize("limit", ["_ROOM", "_RESERVE"])
def test_a_place_suits_if_there_is_room_and_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    for one in ("_ROOM", "_RESERVE"):
        monkeypatch.setattr(workplace, one, 0)
    monkeypatch.setattr(workplace, "_has_attributes", lambda _: True)
    assert workplace._suits(tmp_path, 0)

    monkeypatch.setattr(workplace, limit, 1 << 60)
    assert not workplace._suits(tmp_path, 0)


def test_a_place_does_not_suit_that_is_missing_or_takes_no_attributes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("_ROOM", "_RESERVE"):
        monkeypatch.setattr(workplace, one, 0)

    assert not workplace._suits(tmp_path / "missing", 0)
    monkeypatch.setattr(workplace, "_has_attributes", lambda _: False)
    assert not workplace._suits(tmp_path, 0)


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

"""The directory for stages: where it is made, and that it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from injector_conformance.sandbox.place import Place
from injector_conformance.sessions import workplace

MOST = 1 << 30
SECONDS = 30

HOLDS = """
import sys, time
from injector_conformance.sessions import workplace
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
        assert isinstance(work, Path)
        assert work.parent == place
        assert work.stat().st_mode & 0o777 == 0o700
        (work / "stage").mkdir(mode=0)

    assert list(place.iterdir()) == []


def test_it_goes_after_an_error_too(place: Path) -> None:
    with pytest.raises(KeyError), workplace.opened(in_memory=False, most=MOST):
        raise KeyError

    assert list(place.iterdir()) == []


@pytest.mark.needs("namespaces")
def test_a_private_place_is_in_memory_and_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    with workplace.opened(in_memory=True, most=MOST, is_private=True) as work:
        assert isinstance(work, Place)
        (work / "file").write_text("x")
        found = os.statvfs(work.path)
        assert found.f_flag & os.ST_NOSUID
        assert found.f_flag & os.ST_NODEV
        assert found.f_blocks * found.f_frsize >= MOST
        device = work.path.stat().st_dev
        mounts = Path("/proc/self/mountinfo").read_text().splitlines()

    assert f"{os.major(device)}:{os.minor(device)}" not in [line.split()[2] for line in mounts]


@pytest.mark.needs("namespaces")
def test_a_private_place_on_disk_is_closed_to_others(place: Path) -> None:
    with workplace.opened(in_memory=True, most=MOST, is_private=True) as work:
        assert isinstance(work, Place)
        (work / "file").write_text("x")
        (directory,) = place.iterdir()
        assert directory.stat().st_mode & 0o777 == 0o700
        assert (directory / "place" / "file").exists()
        assert os.statvfs(work.path).f_flag & os.ST_NOSUID

    assert list(place.iterdir()) == []


@pytest.mark.needs("namespaces")
def test_the_disk_is_taken_where_memory_is_short(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setattr(workplace, "_RESERVE", 1 << 60)
    with workplace.opened(in_memory=True, most=MOST, is_private=True):
        assert len(list(place.iterdir())) == 1


@pytest.mark.needs("namespaces")
def test_the_disk_is_taken_where_memory_takes_no_attributes(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setattr(workplace, "_has_attributes", lambda _: False)
    with workplace.opened(in_memory=True, most=MOST, is_private=True):
        assert len(list(place.iterdir())) == 1


def ended(process_id: int) -> None:
    """Kill a process, and wait until it is gone or nobody's but its parent's to bury."""
    os.kill(process_id, signal.SIGKILL)
    status = Path(f"/proc/{process_id}/stat")
    while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("is_alone", [False, True], ids=["itself", "and who waits for its end"])
def test_what_a_killed_owner_has_left_is_removed(is_alone: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        left = Path(owner.stdout.readline().strip())
        with workplace.opened(in_memory=False, most=MOST):
            assert (left / "file").exists()
        if is_alone:
            waiting = Path(f"/proc/{owner.pid}/task/{owner.pid}/children").read_text().split()
            assert len(waiting) == 1
            ended(int(waiting[0]))
        owner.send_signal(signal.SIGKILL)

    if is_alone:
        assert (left / "file").exists()
        with workplace.opened(in_memory=False, most=MOST):
            assert not left.exists()
        return
    deadline = time.monotonic() + SECONDS
    while left.exists():
        assert time.monotonic() < deadline, "nobody has removed it"
        time.sleep(0.02)


def test_directories_of_others_stay(place: Path) -> None:
    stranger = place / "injector-conformance-without-a-lock"
    stranger.mkdir()

    with workplace.opened(in_memory=False, most=MOST):
        pass

    assert stranger.exists()

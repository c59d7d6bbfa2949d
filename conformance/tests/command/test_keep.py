"""``check --keep``: what failed cases left, and nothing that could harm the host."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.cli import main
from injector_conformance.run import catalogue
from injector_fixtures import mtree
from injector_fixtures.layout import File, Folder
from injector_fixtures.tree import Regular, Special

pytestmark = pytest.mark.needs("namespaces")

GOOD = "tar-format-v7"
BAD = "sum-mismatch-in-last-digit"
UNCHECKED = "cat zarf-payload-* | tar -xz -C /zarf-stage2; chmod -R 755 /zarf-stage2"

Check = Callable[..., int]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def run(script: str, *words: str) -> int:
        program = tmp_path / "subject.sh"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        keep = ("--keep", str(tmp_path / "kept"))
        return main(["check", *keep, *words, "--", str(program)])

    return run


def test_a_failed_case_is_kept_and_a_passed_one_is_not(
    check: Check, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(f"echo said; {UNCHECKED}", "--case", BAD) == 1

    kept = tmp_path / "kept"
    assert [one.name for one in kept.iterdir()] == [BAD]
    place = kept / BAD
    assert (place / "stdout").read_bytes() == b"said\n"
    assert "SUM-1\nexpected: rejected or aborted\n" in (place / "broken.txt").read_text()
    assert f"kept: what 1 failed case left, in {kept}" in capsys.readouterr().out
    with tarfile.open(place / "output.tar") as archive:
        names = [(one.name, one.size) for one in archive]
    tree = mtree.read((place / "output.mtree").read_text())
    sizes = [(os.fsdecode(name), getattr(one, "size", 0)) for name, one in sorted(tree.items())]
    assert names == sizes == [("d", 0), ("d/second", 768), ("first", 15)]
    assert not (place / "output.left-out").exists()


def test_the_payload_is_that_of_the_run(check: Check, tmp_path: Path) -> None:
    assert check("exit 1", "--case", GOOD, "--seed", "00112233aabbccdd") == 1

    case = tmp_path / "kept" / GOOD / "case"
    kept = b"".join(one.read_bytes() for one in sorted((case / "init").iterdir()))
    usual = catalogue.load()[GOOD].init().payload
    assert kept[8:] == usual[8:]
    assert kept != usual
    words = json.loads((case / "case.json").read_text())["arguments"]
    assert words == [hashlib.sha256(kept).hexdigest()]


def test_what_could_harm_the_host_is_only_told(check: Check, tmp_path: Path) -> None:
    script = (
        "cd /zarf-stage2; mkfifo pipe; echo x > suid; chmod 6755 suid; ln suid other;"
        " ln -s /etc/passwd link; mkdir closed; echo y > closed/file;"
        " chmod 0 closed/file closed; exit 1"
    )
    assert check(script, "--case", GOOD) == 1

    place = tmp_path / "kept" / GOOD
    with tarfile.open(place / "output.tar") as archive:
        found = {one.name: one for one in archive}
        content = archive.extractfile("closed/file")
        assert content is not None
        assert content.read() == b"y\n"
    assert sorted(found) == ["closed", "closed/file", "link", "other", "suid"]
    assert all(one.mode & ~0o777 == one.uid == one.gid == 0 for one in found.values())
    assert not any(one.isdev() for one in found.values())
    assert found["suid"].linkname == "other"
    tree = mtree.read((place / "output.mtree").read_text())
    suid = tree[b"suid"]
    assert isinstance(suid, Regular)
    assert stat.S_IMODE(suid.mode) == 0o6755
    assert isinstance(tree[b"pipe"], Special)
    assert (place / "output.left-out").read_text() == "pipe: fifo\n"


def test_what_is_large_is_left_out_and_that_is_said(check: Check, tmp_path: Path) -> None:
    script = "cd /zarf-stage2; truncate -s 65M large; echo x > small; exit 1"
    assert check(script, "--case", GOOD) == 1

    place = tmp_path / "kept" / GOOD
    assert (place / "output.left-out").read_text() == "large: 68,157,440 bytes are too many\n"
    with tarfile.open(place / "output.tar") as archive:
        assert archive.getnames() == ["small"]


def test_what_a_run_did_outside_does_not_take_its_output_away(
    check: Check, tmp_path: Path
) -> None:
    script = "echo x > /zarf-stage2/left; echo y > /stray; exit 1"
    assert check(script, "--case", GOOD) == 1

    with tarfile.open(tmp_path / "kept" / GOOD / "output.tar") as archive:
        assert archive.getnames() == ["left"]


def test_nothing_is_kept_of_a_good_one(check: Check, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    checked = 'test "$(cat zarf-payload-* | sha256sum)" = "$1  -" || { echo no >&2; exit 1; }'

    assert check(f"{checked}; {UNCHECKED}", "--case", BAD) == 0
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "full"])
def test_what_is_there_is_left_alone(
    check: Check, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    kept = tmp_path / "kept"
    if kind == "file":
        kept.write_text("mine")
    else:
        kept.mkdir()
        (kept / "mine").touch()

    assert check(UNCHECKED, "--case", BAD) == 2
    assert f"--keep {kept}: is n" in capsys.readouterr().err
    assert kept.read_text() == "mine" if kind == "file" else (kept / "mine").exists()


def test_no_case_has_a_program_that_runs_as_somebody_else() -> None:
    """``export`` writes what it says; what it says must not harm the host either."""
    special = [
        (case.id, name)
        for case in catalogue.load().values()
        for entries in (case.init().entries, case.conditions.existing)
        for name, one in entries.items()
        if isinstance(one, File | Folder) and one.mode & 0o7000
    ]

    assert special == []

"""What kind of file system a directory lies on, as stat(1) tells it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from injector_conformance.host.filesystem import described, kind_of, lies_on_disk, of_case


@pytest.mark.parametrize("directory", ["/", "/dev/shm", "/tmp"])  # noqa: S108 - only looked at
def test_it_is_what_stat_says(directory: str) -> None:
    done = subprocess.run(
        ["stat", "-f", "-c", "%T", directory], capture_output=True, text=True, check=True
    )
    said = done.stdout.strip()

    found = kind_of(Path(directory))

    assert found == {"ext2/ext3": "ext4", "overlayfs": "overlay"}.get(said, said)
    assert lies_on_disk(Path(directory)) is (said not in ("tmpfs", "ramfs"))


def test_nothing_lies_nowhere(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        kind_of(tmp_path / "missing")


def test_two_kinds_are_described_and_told_apart_again() -> None:
    both = described("tmpfs", "ext4")

    assert both == "tmpfs (ext4 for cases on a disk)"
    assert [of_case(both, on_disk=one) for one in (False, True)] == ["tmpfs", "ext4"]
    assert [of_case("ext4", on_disk=one) for one in (False, True)] == ["ext4", "ext4"]
    assert of_case("", on_disk=True) == ""

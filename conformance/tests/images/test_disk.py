"""The readers of qcow2 and ext4, against images that QEMU's and the kernel's own tools made."""

from __future__ import annotations

import io
import os
import stat
import subprocess
from pathlib import Path

import pytest

from injector_conformance.images.errors import ImageError
from injector_conformance.images.ext4 import FileSystem
from injector_conformance.images.qcow2 import DiskImage

SIZE = 8 << 20
LONG_LINK = b"a/target/longer/than/what/fits/into/an/inode/" * 3


class FlatDisk:
    """A disk image without a format."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, offset: int, length: int) -> bytes:
        """The bytes themselves."""
        return self._content[offset : offset + length]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    top = tmp_path / "source"
    (top / "folder" / "deep").mkdir(parents=True)
    (top / "folder" / "deep" / "large").write_bytes(os.urandom(300_000))
    (top / "empty").write_bytes(b"")
    (top / "sparse").write_bytes(b"head" + bytes(2 << 20) + b"tail")
    (top / "short").symlink_to("folder/deep")
    os.symlink(LONG_LINK, top / "long")
    os.link(top / "empty", top / "folder" / "empty-again")
    for number in range(300):
        (top / "folder" / f"{number:03}-{'n' * 100}").write_text(str(number), encoding="ascii")
    (top / "folder").chmod(0o2750)
    (top / "sparse").chmod(0o4711)
    return top


def flat_image(source: Path, path: Path, *options: str) -> bytes:
    with path.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", str(source), *options, str(path)], check=True)
    return path.read_bytes()


@pytest.mark.needs("mkfs.ext4")
@pytest.mark.parametrize("options", [(), ("-b", "1024"), ("-b", "4096", "-O", "64bit")])
def test_a_file_system_reads_as_its_source(
    source: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    filesystem = FileSystem(FlatDisk(flat_image(source, tmp_path / "disk", *options)))

    found = {path.decode(): inode for path, inode in filesystem.walk()}

    expected = {str(path.relative_to(source)) for path in source.rglob("*")}
    assert found.keys() - {"lost+found"} == expected
    for name in expected:
        real, inode = source / name, found[name]
        status = real.lstat()
        assert (inode.mode, inode.mtime, inode.uid, inode.gid) == (
            status.st_mode,
            int(status.st_mtime),
            status.st_uid,
            status.st_gid,
        )
        if stat.S_ISREG(inode.mode):
            assert filesystem.contents(inode) == real.read_bytes()
        elif stat.S_ISLNK(inode.mode):
            assert filesystem.contents(inode) == os.readlink(os.fsencode(real))
    assert found["empty"].number == found["folder/empty-again"].number


@pytest.mark.needs("mkfs.ext4", "qemu-img")
@pytest.mark.parametrize("options", [(), ("-c",)])
def test_a_disk_image_reads_as_the_flat_one(
    source: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    flat = flat_image(source, tmp_path / "disk")
    packed = tmp_path / "disk.qcow2"
    convert = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", *options]
    subprocess.run([*convert, str(tmp_path / "disk"), str(packed)], check=True)

    with packed.open("rb") as file:
        disk = DiskImage(file)
        assert disk.size == SIZE
        assert disk.read(0, SIZE) == flat
        assert disk.read(65_530, 20) == flat[65_530:65_550]
        with pytest.raises(ImageError, match="beyond the disk"):
            disk.read(SIZE - 1, 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"QFI", "too short"), (bytes(200), "not a qcow2 image")],
)
def test_what_is_no_disk_image_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        DiskImage(io.BytesIO(content))


def test_what_is_no_file_system_is_refused() -> None:
    with pytest.raises(ImageError, match="no ext4"):
        FileSystem(FlatDisk(bytes(4096)))

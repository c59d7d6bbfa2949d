"""The stage: the directory that becomes the subject's root, with a canary tree beside its work.

::

    /zarf-stage1    the init directory of the case, as the profile names it
    /zarf-stage2    the output directory, likewise
    /canary         files that nothing may touch (BOX-1, BOX-2)

A stage is used again for the next case. Directories stay the same inodes as long as nobody
replaced them, so that a long-lived container can keep them mounted.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from injector_conformance.case import Case
from injector_conformance.profiles import DEFAULT, Profile
from injector_conformance.profiles.profile import PROGRAM
from injector_fixtures.layout import Entry, File, Folder, InitDirectory, Link, lay_out

CANARY: Final = "canary"

CANARY_TREE: Final[Mapping[bytes, Entry]] = {
    b"file": File(b"canary\n", 0o640),
    b"directory": Folder(0o700),
    b"directory/inner": File(b"inner\n", 0o600),
    b"link": Link(b"file"),
}
"""No entry has the mode that an injector sets, so that a stray chmod shows."""

OLD: Final = 1_000_000_000
"""Modification time, in seconds, of chunks, output directory and canaries: any write shows."""

POD_USER: Final = 1000
POD_GROUP: Final = 2000
POD_OUTPUT_MODE: Final = 0o2777
"""What Kubernetes makes of an emptyDir under ``fsGroup: 2000``."""


class Stage:
    """One reusable stage at ``root``, an existing directory that is the suite's own."""

    def __init__(
        self,
        root: Path,
        mount_points: tuple[Path, ...] = (),
        program: Path | None = None,
        profile: Profile = DEFAULT,
    ) -> None:
        """Make the fixed part of the stage.

        Args:
            root: an empty directory.
            mount_points: absolute paths, inside the root, over which the sandbox mounts things.
            program: the subject, of which every case gets a copy where the sandbox does not mount
                it. The copy lies beside the root and is made anew when a subject has changed it.
            profile: names the directories.
        """
        self.root = root
        self.profile = profile
        self._mount_points = mount_points
        self._program = program
        self._copy = root.with_name(f"{root.name}-{PROGRAM}")
        self._copied: tuple[int, ...] = ()
        root.chmod(0o755)
        self.build_outside()

    @property
    def init(self) -> Path:
        """The init directory of the current case."""
        return self.root / self.profile.init

    @property
    def output(self) -> Path:
        """The output directory of the current case."""
        return self.root / self.profile.output

    @property
    def not_outside(self) -> frozenset[bytes]:
        """What in the root is looked at on its own."""
        return frozenset((self.profile.init.encode(), self.profile.output.encode()))

    def build_outside(self) -> None:
        """Make everything anew. Init and output directory stay the same inodes if they can."""
        for name in os.listdir(self.root):
            if os.fsencode(name) not in self.not_outside:
                remove(self.root / name)
        for directory in (self.init, self.output):
            _empty_directory(directory)
        for mount_point in self._mount_points:
            inside = self.root / mount_point.relative_to("/")
            if mount_point.is_symlink():
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.symlink_to(mount_point.readlink())
            elif mount_point.is_dir():
                inside.mkdir(parents=True, exist_ok=True)
            else:
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.touch()
        canary = self.root / CANARY
        canary.mkdir()
        lay_out(CANARY_TREE, canary)
        for canary_name in CANARY_TREE:
            os.utime(os.fsencode(canary) + b"/" + canary_name, (OLD, OLD), follow_symlinks=False)

    def prepare(self, case: Case, init: InitDirectory) -> None:
        """Lay out a case: its init directory, and the output directory that it wants."""
        conditions = case.conditions
        _empty_directory(self.init)
        init.write(self.init)
        for name, entry in init.entries.items():
            if isinstance(entry, File):
                os.utime(os.fsencode(self.init) + b"/" + name, (OLD, OLD))
        if self._program is not None:
            if not self._copied or self._copied != _identity(self._copy):
                _copy(self._program, self._copy)
                self._copied = _identity(self._copy)
            os.link(self._copy, self.init / PROGRAM)
        elif PROGRAM.encode() not in init.entries:
            os.close(os.open(self.init / PROGRAM, os.O_WRONLY | os.O_CREAT, 0o755))
        _empty_directory(self.output)
        lay_out(conditions.existing, self.output)
        self.output.chmod(conditions.output_mode)
        if conditions.user == "pod":
            if os.geteuid() == 0:
                os.chown(self.output, 0, POD_GROUP)
            self.output.chmod(POD_OUTPUT_MODE)
        for directory in (self.init, self.output):
            os.utime(directory, (OLD, OLD))


def _copy(program: Path, copy: Path) -> None:
    """Make ``copy`` a new file."""
    remove(copy)
    shutil.copyfile(program, copy)
    copy.chmod(0o755)


def _identity(path: Path) -> tuple[int, ...]:
    """What a change of a file shows in; empty if there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return ()
    return found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns


def _empty_directory(path: Path) -> None:
    """Make ``path`` an empty directory with ordinary mode and owner, the same inode if it can."""
    if not path.is_dir() or path.is_symlink():
        remove(path)
        path.mkdir()
    path.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(path, 0, 0)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _empty(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove whatever is at ``path``, if anything; no tree is too deep or too closed for it."""
    try:
        is_directory = stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if not is_directory:
        path.unlink()
        return
    _empty_directory(path)
    path.rmdir()


def _empty(top: int) -> None:
    """Remove everything below the open directory ``top``.

    Directories are emptied by moving their subdirectories up to ``top``, so that neither the depth
    of a tree nor the length of its paths matters, and two descriptors are enough.
    """
    serial = 0
    waiting = _unlink_files(top)
    while waiting:
        name = waiting.pop()
        os.chmod(name, 0o700, dir_fd=top, follow_symlinks=True)
        directory = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
        try:
            for child in _unlink_files(directory):
                os.chmod(child, 0o700, dir_fd=directory)
                while True:
                    serial += 1
                    moved = b".removing-%d" % serial
                    try:
                        os.rename(child, moved, src_dir_fd=directory, dst_dir_fd=top)
                    except OSError as error:
                        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                            raise
                        continue
                    break
                waiting.append(moved)
        finally:
            os.close(directory)
        os.rmdir(name, dir_fd=top)


def _unlink_files(directory: int) -> list[bytes]:
    """Remove all but the directories of an open directory; their names are returned."""
    folders = []
    with os.scandir(directory) as entries:
        for entry in list(entries):
            name = os.fsencode(entry.name)
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            else:
                os.unlink(name, dir_fd=directory)
    return folders

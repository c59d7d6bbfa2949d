"""The stage: the directory that becomes the subject's root, with a canary tree beside its work.

::

    /zarf-stage1    the init directory of the case, as the profile names it
    /zarf-stage2    the output directory, likewise
    /canary         files that nothing may touch (BOX-1, BOX-2)

A stage is used again for the next case, and keeps nothing of the one before. What lies outside is
as it was unless its time of change, which nobody can set, says otherwise; then it is made anew.
Init and output directory are new ones each time, or, for a long-lived container that has them
mounted, the same inodes without content, attributes, owner and mode of before.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.host.privilege import is_powerful
from injector_conformance.host.removal import clean, empty_directory, remove
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

_BLOCK: Final = 1 << 20
_MODE: Final = 0o755

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
        *,
        base: int | None = None,
        is_mounted: bool = True,
    ) -> None:
        """Make the fixed part of the stage.

        Args:
            root: an empty directory.
            mount_points: absolute paths, inside the root, over which the sandbox mounts things.
            program: the subject, of which every case gets a copy where the sandbox does not mount
                it. The copy lies beside the root and is made anew when a subject has changed it.
            profile: names the directories.
            base: what root in the sandbox is outside, if it is not the caller, who is root: all
                files belong to that user, but for the subject's own, which nobody in the sandbox
                can change then.
            is_mounted: whether init and output directory have to stay the same inodes.
        """
        self.root = root
        self.profile = profile
        self.init: Final = root / profile.init
        """The init directory of the current case."""
        self.output: Final = root / profile.output
        """The output directory of the current case."""
        self.not_outside: Final = frozenset((profile.init.encode(), profile.output.encode()))
        """What in the root is looked at on its own."""
        self._place: Final = self.init / PROGRAM
        self._base = base
        self._is_mounted = is_mounted
        self._outside: tuple[str, ...] = ()
        self._times: tuple[int, ...] = ()
        self._mount_points = mount_points
        self._program = program
        self._copy = root.with_name(f"{root.name}-{PROGRAM}")
        self._copied: tuple[int, ...] = ()
        root.chmod(0o755)
        self.build_outside()

    @property
    def was_touched(self) -> bool:
        """Whether anything was done to what lies outside since the case was laid out.

        Whoever looks at it may find nothing changed all the same: flags of an inode, or what was
        put back.
        """
        return self._times != self._times_of_change()

    def unlock(self) -> None:
        """Open the root again if a subject has closed it; where it did is known already."""
        if stat.S_IMODE(self.root.stat().st_mode) != _MODE:
            self.root.chmod(_MODE)

    def build_outside(self) -> None:
        """Make everything anew, but init and output directory if they have to stay."""
        for name in os.listdir(self.root):
            if os.fsencode(name) not in self.not_outside:
                remove(self.root / name)
        for mount_point in self._mount_points:
            inside = self.root / mount_point.relative_to("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            if mount_point.is_symlink():
                inside.symlink_to(mount_point.readlink())
            elif mount_point.is_dir():
                inside.mkdir(exist_ok=True)
            else:
                inside.touch()
        canary = self.root / CANARY
        canary.mkdir()
        lay_out(CANARY_TREE, canary)
        clean(self.root)
        self._outside = self._found_outside()
        for path in self._outside:
            self._give(path)
        for canary_name in CANARY_TREE:
            os.utime(os.fsencode(canary) + b"/" + canary_name, (OLD, OLD), follow_symlinks=False)
        self._renew(self.init)
        self._renew(self.output)
        self._settle()

    def prepare(self, case: Case, init: InitDirectory) -> None:
        """Lay out a case: its init directory, and the output directory that it wants."""
        conditions = case.conditions
        self._renew(self.init)
        init.write(self.init)
        self._give_all(init.entries, self.init)
        top = os.fsencode(self.init) + b"/"
        for name, entry in init.entries.items():
            if isinstance(entry, File):
                os.utime(top + name, (OLD, OLD))
        if self._program is not None:
            self._copy_program(self._program)
            os.link(self._copy, self._place)
        elif PROGRAM.encode() not in init.entries:
            os.close(os.open(self._place, os.O_WRONLY | os.O_CREAT, 0o755))
        self._renew(self.output)
        lay_out(conditions.existing, self.output)
        self._give_all(conditions.existing, self.output)
        self.output.chmod(conditions.output_mode)
        if conditions.user == "pod":
            self._give(self.output, POD_GROUP)
            self.output.chmod(POD_OUTPUT_MODE)
        self._settle()

    def _settle(self) -> None:
        for directory in (self.init, self.output, self.root):
            os.utime(directory, (OLD, OLD))
        self._times = self._times_of_change()

    def _found_outside(self) -> tuple[str, ...]:
        """The root and everything below it that lies outside."""
        found = [str(self.root)]
        for top, folders, files in os.walk(self.root):
            if top == str(self.root):
                folders[:] = [one for one in folders if one.encode() not in self.not_outside]
            found += [f"{top}/{name}" for name in (*folders, *files)]
        return tuple(found)

    def _times_of_change(self) -> tuple[int, ...]:
        try:
            return tuple(os.lstat(path).st_ctime_ns for path in self._outside)
        except OSError:
            return ()

    def _renew(self, directory: Path) -> None:
        """Make ``directory`` an empty one with ordinary mode and owner."""
        if self._is_mounted:
            empty_directory(directory)
        else:
            remove(directory)
            directory.mkdir()
            directory.chmod(0o755)
        self._give(directory)

    def _give(self, path: Path | str | bytes, group: int = 0) -> None:
        """Make root in the sandbox the owner, as far as this user may and has the ids."""
        if not is_powerful():
            return
        base = self._base or 0
        try:
            os.chown(path, base, base + group, follow_symlinks=False)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise

    def _give_all(self, entries: Mapping[bytes, Entry], directory: Path) -> None:
        if self._base is None:
            return
        top = os.fsencode(directory) + b"/"
        for name, entry in entries.items():
            path = top + name
            self._give(path)
            if isinstance(entry, File | Folder):
                os.chmod(path, entry.mode)

    def _copy_program(self, program: Path) -> None:
        """Have a copy that is the program, whatever a subject did to it."""
        is_good = bool(self._copied) and self._copied == _identity(self._copy)
        if is_good and self._base is None:
            # Whoever owns a file can change it and put its times back, as memory leaves no trace.
            is_good = _is_same(program, self._copy)
        if not is_good:
            _copy(program, self._copy)
            self._copied = _identity(self._copy)


def _copy(program: Path, copy: Path) -> None:
    """Make ``copy`` a new file."""
    remove(copy)
    shutil.copyfile(program, copy)
    copy.chmod(0o755)


def _is_same(one: Path, other: Path) -> bool:
    """Whether two files have the same content."""
    with one.open("rb") as first, other.open("rb") as second:
        while True:
            block = first.read(_BLOCK)
            if block != second.read(_BLOCK):
                return False
            if not block:
                return True


def _identity(path: Path) -> tuple[int, ...]:
    """What a change of a file shows in; empty if there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return ()
    return found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns

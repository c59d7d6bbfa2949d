"""BOX: nothing outside the output directory is touched, by construction.

A name is a list of components. Directories are opened one component at a time, each relative to
the descriptor of the one before, and never through a link. Every change is then made relative to
such a descriptor, with a single component as its name. So there is no path whose meaning could
change, no length limit on the way (PATH_MAX), and no use for ``/proc``.

Directories are never removed or replaced. A descriptor that was inside once stays inside, so that
it may be used again (``directories``).
"""

import os
from types import TracebackType

from zarf_injector import errors, modes
from zarf_injector.directories import Directories
from zarf_injector.display import quoted

MOST_COMPONENTS = 256
"""BOX-9: 255 directories, and what is in the last of them. To walk deeper trees for each of many
files would take as long as somebody pleases (BOX-8)."""

ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def components(name: bytes) -> list[bytes]:
    """The names of directories on the way, and of the entry itself; none for the root (BOX-7).

    Raises:
        AbsoluteNameError: BOX-4.
        ParentReferenceError: BOX-3, BOX-3a.
        ExcessError: the name has more than ``MOST_COMPONENTS`` of them (BOX-8).
    """
    if is_absolute(name):
        raise errors.AbsoluteNameError(f"the name {quoted(name)} begins with a slash")
    parts = [part for part in name.split(b"/") if part not in (b"", b".")]
    if leads_upwards(parts):
        raise errors.ParentReferenceError(f"the name {quoted(name)} has a '..' component")
    if is_too_deep(parts):
        raise errors.ExcessError(f"the name {quoted(name)} is {len(parts)} levels deep")
    return parts


def is_absolute(name: bytes) -> bool:
    """BOX-4: whether the name begins at the root of the file system."""
    return name.startswith(b"/")


def leads_upwards(parts: list[bytes]) -> bool:
    """BOX-3: whether the name could leave a directory, be it to come back at once."""
    return b".." in parts


def is_too_deep(parts: list[bytes]) -> bool:
    """BOX-8, BOX-9: whether more directories would have to be gone through than are allowed."""
    return len(parts) > MOST_COMPONENTS


class OutputDirectory:
    """The output directory, open, and a way to every directory below it.

    Attributes:
        descriptor: of the output directory itself.
    """

    def __init__(self, path: bytes) -> None:
        try:
            self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise errors.OutputError(
                f"cannot open the output directory {quoted(path)}: {error.strerror}"
            ) from error
        self._directories = Directories(self.descriptor)

    def __enter__(self) -> "OutputDirectory":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._directories.close()
        os.close(self.descriptor)

    def directory(self, parts: list[bytes]) -> int:
        """A descriptor of a directory; missing ones on the way are made (TAR-5).

        It stays open for the next few calls, of this method or the other.

        Raises:
            NotADirectoryInPathError: the way leads through a link or a file (BOX-5).
            OutputError: a directory cannot be made.
            ExcessError: too many directories were gone through (BOX-8).
        """
        return self._directories.follow(parts, make_directory)

    def existing_directory(self, parts: list[bytes]) -> int:
        """A descriptor of a directory that is there.

        It stays open for the next few calls, of this method or the other.

        Raises:
            NotADirectoryInPathError: the way leads through a link or a file (BOX-5).
            FileNotFoundError: it is not there.
            ExcessError: too many directories were gone through (BOX-8).
        """
        return self._directories.follow(parts, enter)


def enter(parent: int, name: bytes) -> int:
    """BOX-5: a descriptor of a directory in ``parent``, which must not be a link to one.

    Raises:
        NotADirectoryInPathError: it is a link or a file.
        FileNotFoundError: it is not there.
        OutputError: it may not be entered.
    """
    try:
        return os.open(name, ENTER, dir_fd=parent)
    except FileNotFoundError:
        raise
    except NotADirectoryError as error:
        raise errors.NotADirectoryInPathError(
            f"{quoted(name)} is a link or a file, and not entered as a directory"
        ) from error
    except OSError as error:
        raise errors.OutputError(
            f"cannot enter the directory {quoted(name)}: {error.strerror}"
        ) from error


def make_directory(parent: int, name: bytes) -> int:
    """TAR-5: a descriptor of a directory in ``parent``, made if it is not there.

    Raises:
        NotADirectoryInPathError: a link or a file is there.
        OutputError: it cannot be made.
    """
    try:
        return enter(parent, name)
    except FileNotFoundError:
        pass
    try:
        os.mkdir(name, modes.WHILE_BEING_MADE, dir_fd=parent)
    except OSError as error:
        raise errors.OutputError(
            f"cannot make the directory {quoted(name)}: {error.strerror}"
        ) from error
    made = enter(parent, name)
    modes.settle(made)
    return made

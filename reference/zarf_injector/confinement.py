"""BOX: nothing outside the output directory is touched, by construction.

A name is a list of components. Directories are opened one component at a time, each relative to
the descriptor of the one before, and never through a link. Every change is then made relative to
such a descriptor, with a single component as its name. So there is no path whose meaning could
change, no length limit on the way (PATH_MAX), and no use for ``/proc``.

Directories are never removed or replaced. A descriptor that was inside once stays inside.
"""

import os
from collections.abc import Callable
from types import TracebackType

from zarf_injector import errors, modes
from zarf_injector.display import quoted

LONGEST_NAME = 4095
"""Bytes of a name that a system call takes (PATH_MAX without the zero). Whoever comes later could
not open a longer one; refusing it also bounds the depth of directories (BOX-8)."""

Step = Callable[[int, bytes], int]
"""From a directory's descriptor and a component's name to that component's descriptor."""

ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def components(name: bytes) -> list[bytes]:
    """The names of directories on the way, and of the entry itself; none for the root (BOX-7).

    Raises:
        AbsoluteNameError: BOX-4.
        ParentReferenceError: BOX-3, BOX-3a.
        MalformedNameError: the name is longer than ``LONGEST_NAME`` (BOX-8).
    """
    if is_absolute(name):
        raise errors.AbsoluteNameError(f"the name {quoted(name)} begins with a slash")
    if len(name) > LONGEST_NAME:
        raise errors.MalformedNameError(f"the name {quoted(name)} is too long")
    parts = [part for part in name.split(b"/") if part not in (b"", b".")]
    if leads_upwards(parts):
        raise errors.ParentReferenceError(f"the name {quoted(name)} has a '..' component")
    return parts


def is_absolute(name: bytes) -> bool:
    """BOX-4: whether the name begins at the root of the file system."""
    return name.startswith(b"/")


def leads_upwards(parts: list[bytes]) -> bool:
    """BOX-3: whether the name could leave a directory, be it to come back at once."""
    return b".." in parts


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
        self._making = Trail(self.descriptor)
        self._looking = Trail(self.descriptor)

    def __enter__(self) -> "OutputDirectory":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._making.close()
        self._looking.close()
        os.close(self.descriptor)

    def directory(self, parts: list[bytes]) -> int:
        """A descriptor of a directory; missing ones on the way are made (TAR-5).

        It is valid until the next call.

        Raises:
            NotADirectoryInPathError: the way leads through a link or a file (BOX-5).
            OutputError: a directory cannot be made.
        """
        return self._making.follow(parts, make_directory)

    def existing_directory(self, parts: list[bytes]) -> int:
        """A descriptor of a directory that is there.

        It is valid until the next call, which :meth:`directory` is not.

        Raises:
            NotADirectoryInPathError: the way leads through a link or a file (BOX-5).
            FileNotFoundError: it is not there.
        """
        return self._looking.follow(parts, enter)


class Trail:
    """The way from the root to the directory last asked for.

    Members come sorted by directory, mostly: remembering where the last one went saves most of
    the way. Only one descriptor is kept, so depth costs none.
    """

    __slots__ = ("_here", "_parts", "_root")

    def __init__(self, root: int) -> None:
        self._root = root
        self._here = root
        self._parts: list[bytes] = []

    def follow(self, parts: list[bytes], step: Step) -> int:
        """A descriptor of the directory; ``step`` takes one component at a time."""
        if parts == self._parts:
            return self._here
        if parts[: len(self._parts)] != self._parts:
            self.close()
        for part in parts[len(self._parts) :]:
            deeper = step(self._here, part)
            self._leave()
            self._here = deeper
            self._parts.append(part)
        return self._here

    def close(self) -> None:
        """Go back to the root."""
        self._leave()
        self._here = self._root
        self._parts = []

    def _leave(self) -> None:
        if self._here != self._root:
            os.close(self._here)


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

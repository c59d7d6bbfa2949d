"""What each kind of member becomes (TAR-2, TAR-5 to TAR-7), by means of ``confinement``.

Whatever has a member's name before is unlinked, never opened: no write goes through a link, to
whatever it may lead (TAR-6, BOX-5). Owner, group, times and extended attributes stay as the system
makes them (TAR-15).
"""

import os
import stat
from collections.abc import Callable, Iterable

from zarf_injector import confinement, errors, modes
from zarf_injector.confinement import OutputDirectory
from zarf_injector.display import printable, quoted
from zarf_injector.tar.members import Kind, Member

CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def extract(member: Member, content: Iterable[memoryview], output: OutputDirectory) -> None:
    """Make ``member`` below ``output``; ``content`` is read if it is a file.

    Raises:
        InjectorError: with the member's name in front (BOX-3a). What stood in the member's place
            may be gone then.
    """
    try:
        make(member, content, output)
    except errors.InjectorError as error:
        raise type(error)(f"entry {quoted(member.name)}: {error}") from error
    except OSError as error:
        raise errors.OutputError(f"entry {quoted(member.name)}: {error.strerror}") from error


def make(member: Member, content: Iterable[memoryview], output: OutputDirectory) -> None:
    """Make ``member``, by its kind."""
    parts = confinement.components(member.name)
    if member.kind is Kind.DIRECTORY:
        make_directory(parts, output)
        return
    if not parts:
        raise errors.OutputDirectoryNameError("this is the name of the output directory")
    base = parts.pop()
    parent = output.directory(parts)
    if member.kind is Kind.FILE:
        make_file(parent, base, content)
    elif member.kind is Kind.SYMBOLIC_LINK:
        make_symbolic_link(parent, base, member.linkname)
    else:
        make_hard_link(parent, base, confinement.components(member.linkname), output)


def make_directory(parts: list[bytes], output: OutputDirectory) -> None:
    """TAR-2, MODE-1: a directory, which may be there already, and then keeps what is in it.

    An entry for the output directory itself, ``.`` or ``./``, changes nothing (BOX-7).

    Raises:
        DirectoryConflictError: a file or a link has its name (TAR-6).
    """
    if not parts:
        return
    output.directory(parts[:-1])
    try:
        modes.settle(output.directory(parts))
    except errors.NotADirectoryInPathError as error:
        raise errors.DirectoryConflictError(str(error)) from error


def make_file(parent: int, base: bytes, content: Iterable[memoryview]) -> None:
    """TAR-2, MODE-1: a regular file."""
    descriptor = create(parent, base)
    try:
        modes.settle(descriptor)
        for piece in content:
            write(descriptor, piece)
    finally:
        os.close(descriptor)


def create(parent: int, base: bytes) -> int:
    """A descriptor of a new, empty file; O_EXCL rules out that it is anybody else's."""
    try:
        return os.open(base, CREATE, modes.WHILE_BEING_MADE, dir_fd=parent)
    except FileExistsError:
        make_way(parent, base)
        return os.open(base, CREATE, modes.WHILE_BEING_MADE, dir_fd=parent)


def write(descriptor: int, piece: memoryview) -> None:
    """RUN-8: all of ``piece``; the system may take less at a time."""
    while piece:
        piece = piece[os.write(descriptor, piece) :]


def make_symbolic_link(parent: int, base: bytes, target: bytes) -> None:
    """TAR-7, BOX-6: a link with exactly this text, wherever it leads: nobody follows it here."""
    try:
        os.symlink(target, base, dir_fd=parent)
    except FileExistsError:
        make_way(parent, base)
        os.symlink(target, base, dir_fd=parent)


def make_hard_link(parent: int, base: bytes, target: list[bytes], output: OutputDirectory) -> None:
    """TAR-7, BOX-2: another name for a file or a link inside the tree.

    Raises:
        MissingTargetError: there is no such file.
    """
    shown = quoted(b"/".join(target))
    try:
        source = output.existing_directory(target[:-1])
        status = os.stat(target[-1], dir_fd=source, follow_symlinks=False)
    except (FileNotFoundError, IndexError) as error:
        raise errors.MissingTargetError(
            f"the hard link's target {shown} does not exist"
        ) from error
    if not can_be_shared(status.st_mode):
        raise errors.MissingTargetError(f"the hard link's target {shown} is not a file")
    if is_same_file(parent, base, status):
        return
    try:
        link(source, target[-1], parent, base)
    except FileExistsError:
        make_way(parent, base)
        link(source, target[-1], parent, base)
    if stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) != modes.FINAL:
        settle_old_file(parent, base)


def settle_old_file(parent: int, base: bytes) -> None:
    """MODE-1: set the mode of a file that is older than this run, and now has an entry's name."""
    descriptor = os.open(base, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        modes.settle(descriptor)
    finally:
        os.close(descriptor)


def can_be_shared(mode: int) -> bool:
    """TAR-7, TAR-10: whether a hard link may lead to an entry of this type."""
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def is_same_file(parent: int, base: bytes, status: os.stat_result) -> bool:
    """Whether a name leads to this file already: unlinking it first could be its end."""
    try:
        there = os.stat(base, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, status)


def link(source: int, name: bytes, parent: int, base: bytes) -> None:
    """BOX-5: link the entry itself; if it is a symbolic link, then not what it leads to."""
    os.link(name, base, src_dir_fd=source, dst_dir_fd=parent, follow_symlinks=False)


def make_way(parent: int, base: bytes) -> None:
    """TAR-6: remove the file or link that stands where a new one is to be made.

    Raises:
        DirectoryConflictError: it is a directory.
    """
    try:
        os.unlink(base, dir_fd=parent)
    except IsADirectoryError as error:
        raise errors.DirectoryConflictError("a directory is there, and not replaced") from error


def report(member: Member, root: bytes, progress: Callable[[str], None]) -> None:
    """RUN: one line for each entry whose mode was set."""
    if member.kind is not Kind.SYMBOLIC_LINK:
        progress(f"chmod 755 {printable(os.path.join(root, member.name))}")

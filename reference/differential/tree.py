"""What an injector left behind, in a form in which two trees can be compared."""

from __future__ import annotations

import os
import stat

Entry = tuple[str, int, bytes]
"""Kind, permission bits, and what it holds: content, a link's text, the first name of a file that
has several."""

Tree = dict[bytes, Entry]


def read(root: str) -> Tree:
    """All entries below ``root``, by their path from there, in bytewise order."""
    tree: Tree = {}
    first_names: dict[tuple[int, int], bytes] = {}
    for path in sorted(_paths(os.open(root, os.O_RDONLY | os.O_DIRECTORY), b"")):
        status, content = path[1], path[2]
        mode = stat.S_IMODE(status.st_mode)
        identity = (status.st_dev, status.st_ino)
        if identity in first_names:
            tree[path[0]] = ("the same as", 0, first_names[identity])
            continue
        first_names[identity] = path[0]
        kind = {stat.S_IFDIR: "directory", stat.S_IFREG: "file", stat.S_IFLNK: "link"}.get(
            stat.S_IFMT(status.st_mode), "something else"
        )
        tree[path[0]] = (kind, 0 if kind == "link" else mode, content)
    return tree


def _paths(directory: int, above: bytes) -> list[tuple[bytes, os.stat_result, bytes]]:
    # By descriptors: paths may be longer than a system call takes.
    found: list[tuple[bytes, os.stat_result, bytes]] = []
    try:
        for name in map(os.fsencode, os.listdir(directory)):
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            path = above + name
            if stat.S_ISDIR(status.st_mode):
                found.append((path, status, b""))
                below = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=directory)
                found += _paths(below, path + b"/")
            elif stat.S_ISLNK(status.st_mode):
                found.append((path, status, os.readlink(name, dir_fd=directory)))
            else:
                file = os.open(name, os.O_RDONLY, dir_fd=directory)
                with os.fdopen(file, "rb") as stream:
                    found.append((path, status, stream.read()))
    finally:
        os.close(directory)
    return found

"""Devices and FIFOs: not created, nor anything in their place (TAR-10), but refused (TAR-10a)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FAILS, FOLDER, Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import tar

_WHY: Final = "a device is a door to the node, and an empty file in its place is a lie"
_PLAIN: Final = control(BOTH, BEFORE, AFTER)

_CHARACTER: Final = tar.device(b"null", b"3", 1, 3, mode=0o666)
_BLOCK: Final = tar.device(b"disk", b"4", 8, 0, mode=0o660)
_FIFO: Final = tar.fifo(b"pipe")


def _left_out(word: str, title: str, origin: str, *members: bytes, also: Named) -> Case:
    """Failed, or completed with the ordinary members and ``also``, and nothing else."""
    return Case(
        id=f"tar-special-{word}",
        title=f"{title}: left out, or a failure",
        why=_WHY,
        origin=origin,
        requirements=("TAR-10",),
        init=archived(BEFORE, *members, AFTER),
        expect=fails_or({**BOTH, **also}),
        control=_PLAIN,
        others="GNU tar, bsdtar and BusyBox create them; Rust tar leaves an empty file",
    )


def _refused(word: str, title: str, origin: str, member: bytes) -> Case:
    return Case(
        id=f"tar-special-{word}-refused",
        title=title,
        why="the payload is wrong, and nobody is told",
        origin=origin,
        requirements=("TAR-10a",),
        init=archived(BEFORE, member, AFTER),
        expect=FAILS,
        control=_PLAIN,
    )


CASES: Final = (
    _left_out("character-device", "a character device", "catalogue V01", _CHARACTER, also={}),
    _left_out("block-device", "a block device", "catalogue V02", _BLOCK, also={}),
    _left_out("fifo", "a FIFO", "catalogue V03", _FIFO, also={}),
    _left_out(
        "whiteout",
        "a character device 0, 0, as overlay file systems mark removed files",
        "overlayfs whiteouts",
        tar.device(b"removed", b"3", 0, 0),
        also={},
    ),
    _left_out(
        "v7",
        "a FIFO with a v7 header",
        "catalogue V03",
        tar.fifo(b"pipe", magic=tar.V7),
        also={},
    ),
    _left_out(
        "renamed",
        "a device named by a pax path, a FIFO by a long name",
        "catalogue V01, V03",
        tar.pax({b"path": b"null"}),
        tar.device(b"stand-in", b"3", 1, 3),
        tar.gnu_longname(b"pipe"),
        tar.fifo(b"stand-in", magic=tar.GNU),
        also={},
    ),
    _left_out(
        "in-directory",
        "a FIFO in a directory of its own",
        "catalogue V03",
        tar.directory(b"d/"),
        tar.fifo(b"d/pipe"),
        also={b"d": FOLDER},
    ),
    _left_out(
        "over-file",
        "a FIFO with the name of a file before it: the file stays",
        "catalogue V03, U01",
        tar.file(b"f", b"stays\n"),
        tar.fifo(b"f"),
        also={b"f": b"stays\n"},
    ),
    _left_out(
        "under-file",
        "a FIFO with the name of a file behind it: the file arrives, nobody waits for a reader",
        "catalogue V03, U01",
        tar.fifo(b"f"),
        tar.file(b"f", b"arrives\n"),
        also={b"f": b"arrives\n"},
    ),
    Case(
        id="tar-special-hard-link",
        title="a hard link to a FIFO of the archive: there is nothing to link to",
        why=_WHY,
        origin="catalogue V03, L23",
        requirements=("TAR-10",),
        init=archived(BEFORE, _FIFO, tar.hardlink(b"h", b"pipe"), AFTER),
        expect=FAILS,
        control=_PLAIN,
    ),
    _refused("character-device", "a character device", "catalogue V01", _CHARACTER),
    _refused("block-device", "a block device", "catalogue V02", _BLOCK),
    _refused("fifo", "a FIFO", "catalogue V03", _FIFO),
)

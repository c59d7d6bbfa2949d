"""Entries with the name of a chunk that cannot be read as a file (PAY-6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from injector_conformance.cases.case import Argument, Case, Conditions
from injector_conformance.chapters.payload.sample import PAYLOAD, control_for
from injector_conformance.chapters.recipes import FAILS_UNTOUCHED
from injector_fixtures.layout import PREFIX, Entry, Fifo, File, Folder, InitDirectory, Link, Socket

_HOLE: Final = "to pass over it is to inject a payload with a hole"
_WAIT: Final = "whoever opens a FIFO waits for a writer that never comes"

_POSIX: Final = "POSIX.1-2017, open()"


def _case(
    identity: str,
    title: str,
    odd: Mapping[bytes, Entry],
    *,
    why: str = _HOLE,
    origin: str = _POSIX,
    argument: Argument = Argument.MATCHING,
    conditions: Conditions | None = None,
) -> Case:
    """The sample as chunk 000, whole, and the odd entries beside it.

    The checksum is that of what can be read, so that nothing but the odd entry is in the way.
    """
    entries: dict[bytes, Entry] = {PREFIX + b"000": File(PAYLOAD), **odd}
    return Case(
        id=f"pay-unreadable-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("PAY-6",),
        init=lambda: InitDirectory(entries, PAYLOAD),
        expect=FAILS_UNTOUCHED,
        argument=argument,
        control=control_for(conditions),
        conditions=conditions or Conditions(),
    )


_LAST: Final = PREFIX + b"001"
_FIRST: Final = PREFIX

CASES: Final = (
    _case(
        "directory",
        "a directory named zarf-payload-x beside a whole payload",
        {PREFIX + b"x": Folder()},
        origin="catalogue K07",
    ),
    _case(
        "directory-first",
        "a directory that sorts before every chunk",
        {_FIRST: Folder()},
        origin="catalogue K07",
    ),
    _case(
        "directory-without-argument",
        "a directory among the chunks, and no checksum to notice by",
        {PREFIX + b"x": Folder()},
        origin="catalogue K07",
        argument=Argument.NONE,
    ),
    _case(
        "directory-with-content",
        "a directory with the name of a chunk that holds a file of the same name",
        {_LAST: Folder(), _LAST + b"/" + _LAST: File(b"")},
        origin="catalogue K07",
    ),
    _case(
        "dangling-link",
        "a link that leads nowhere",
        {_LAST: Link(b"..data/gone")},
        origin="catalogue K11",
    ),
    _case(
        "dangling-link-without-argument",
        "a link that leads nowhere, and no checksum to notice by",
        {_LAST: Link(b"..data/gone")},
        origin="catalogue K11",
        argument=Argument.NONE,
    ),
    _case(
        "dangling-link-first",
        "a link that leads nowhere and sorts before every chunk",
        {_FIRST: Link(b"gone")},
        origin="catalogue K11",
    ),
    _case(
        "chain-to-nothing",
        "a link to a link that leads nowhere",
        {_LAST: Link(b"one"), b"one": Link(b"gone")},
        origin="catalogue K11",
    ),
    _case(
        "link-to-itself",
        "a link to itself",
        {_LAST: Link(_LAST)},
        origin="POSIX.1-2017, open(): ELOOP",
    ),
    _case(
        "links-in-a-circle",
        "two links that lead to each other",
        {_LAST: Link(b"other"), b"other": Link(_LAST)},
        origin="POSIX.1-2017, open(): ELOOP",
    ),
    _case(
        "link-through-file",
        "a link whose path leads through a file",
        {_LAST: Link(PREFIX + b"000/inner")},
        origin="POSIX.1-2017, open(): ENOTDIR",
    ),
    _case(
        "link-to-directory",
        "a link to a directory",
        {b"store": Folder(), _LAST: Link(b"store")},
        origin="catalogue K07",
    ),
    _case(
        "link-to-init-directory",
        "a link to the init directory itself",
        {_LAST: Link(b".")},
        origin="catalogue K07",
    ),
    _case("fifo", "a FIFO that nobody writes to", {_LAST: Fifo()}, why=_WAIT),
    _case("fifo-first", "a FIFO that sorts before every chunk", {_FIRST: Fifo()}, why=_WAIT),
    _case(
        "fifo-without-argument",
        "a FIFO among the chunks, and no checksum to notice by",
        {_LAST: Fifo()},
        why=_WAIT,
        argument=Argument.NONE,
    ),
    _case(
        "link-to-fifo",
        "a link to a FIFO",
        {b"pipe": Fifo(), _LAST: Link(b"pipe")},
        why=_WAIT,
    ),
    _case("socket", "a socket", {_LAST: Socket()}, origin="POSIX.1-2017, open(): ENXIO"),
    _case(
        "link-to-socket",
        "a link to a socket",
        {b"agent": Socket(), _LAST: Link(b"agent")},
        origin="POSIX.1-2017, open(): ENXIO",
    ),
    _case(
        "closed-file",
        "a file of mode 000, for a user without capabilities",
        {_LAST: File(b"", 0o000)},
        origin="catalogue K17",
        conditions=Conditions(user="pod"),
    ),
    _case(
        "closed-file-without-argument",
        "a file of mode 000, and no checksum to notice by",
        {_LAST: File(b"", 0o000)},
        origin="catalogue K17",
        argument=Argument.NONE,
        conditions=Conditions(user="pod"),
    ),
    _case(
        "link-to-closed-file",
        "a link to a file of mode 000",
        {b"secret": File(b"", 0o000), _LAST: Link(b"secret")},
        origin="catalogue K17",
        conditions=Conditions(user="pod"),
    ),
)

"""A mismatch leaves everything as it was, whatever was there or was to be written (SUM-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case, Conditions, Control
from injector_conformance.chapters.payload.sample import (
    PAYLOAD,
    TRAILER,
    TREE,
    control_for,
    in_pieces,
)
from injector_conformance.chapters.recipes import (
    FAILS_UNTOUCHED,
    Named,
    Recipe,
    archived,
    control_of,
    made,
    tree,
    whole,
)
from injector_fixtures import gzip, splice, tar
from injector_fixtures.layout import Entry, File, Folder, Link
from injector_fixtures.tree import Symlink, regular

_WRONG: Final = "0123456789abcdef" * 4
_WHY: Final = "files from an unverified payload must not exist even for a moment"
_MEBIBYTE: Final = 1 << 20


def _case(
    identity: str,
    title: str,
    init: Recipe,
    why: str = _WHY,
    *,
    control: Control | None = None,
    conditions: Conditions | None = None,
    origin: str = "Zarf v0.18.0: verify, then extract",
) -> Case:
    return Case(
        id=f"sum-unwritten-{identity}",
        title=f"a wrong argument and {title}",
        why=why,
        origin=origin,
        requirements=("SUM-2",),
        init=init,
        expect=FAILS_UNTOUCHED,
        argument=_WRONG,
        control=control or control_for(conditions),
        conditions=conditions or Conditions(),
    )


def _existing(
    identity: str, title: str, existing: Mapping[bytes, Entry], stays: Named, why: str
) -> Case:
    """A mismatch over an output directory with content.

    ``stays`` is what the control keeps, with the modes that it may keep (MODE-6).
    """
    return _case(
        f"existing-{identity}",
        title,
        whole(PAYLOAD),
        why,
        control=Control(whole(PAYLOAD), tree({**TREE, **stays})),
        conditions=Conditions(existing=existing),
    )


_KEPT: Final = "what a first, good run has left must survive a second one with a bad payload"

_EXISTING: Final = (
    _existing(
        "file-of-same-name",
        "a file that the payload would replace",
        {b"first": File(b"from an earlier run\n", 0o755)},
        {},
        _KEPT,
    ),
    _existing(
        "other-file",
        "a file that the payload does not hold",
        {b"keep": File(b"keep\n", 0o640)},
        {b"keep": replace(regular(b"keep\n"), mode=0o640)},
        "an injector that empties the output directory first has lost it all",
    ),
    _existing(
        "directory",
        "a directory that the payload would write into",
        {b"d": Folder(0o700), b"d/inner": File(b"inner\n", 0o600)},
        {b"d/inner": replace(regular(b"inner\n"), mode=0o600)},
        "an injector that sets modes in any case does so here",
    ),
    _existing(
        "link",
        "a link that the payload would replace",
        {b"first": Link(b"elsewhere")},
        {},
        "an injector that clears the way first has removed it",
    ),
)

_LARGE: Final = bytes(8 * _MEBIBYTE)
_LARGE_TREE: Final = tree({b"large": _LARGE})
_HEADER: Final = tar.header(b"large", size=len(_LARGE))
_LARGE_RECIPE: Final = made(
    lambda: splice.member(
        splice.Part(_HEADER), splice.Part(bytes(_MEBIBYTE), 8, level=0), splice.Part(tar.END)
    )
)
_BOMB: Final = made(lambda: splice.bomb(_HEADER, len(_LARGE), tar.END))
_FILES: Final = {b"%d" % number: b"file\n" for number in range(300)}
_MANY: Final = archived(*(tar.file(name, data) for name, data in _FILES.items()))

_PAYLOADS: Final = (
    _case(
        "many-chunks",
        "a payload in chunks of seven bytes",
        in_pieces(PAYLOAD, *range(7, len(PAYLOAD), 7)),
    ),
    _case(
        "many-files",
        "an archive of 300 files",
        _MANY,
        "an injector that verifies while it extracts has written most of them",
        control=Control(_MANY, tree(_FILES)),
    ),
    _case(
        "large",
        "a payload of 8 MiB in chunks of 512 KiB",
        _LARGE_RECIPE,
        "an injector that verifies while it extracts has written most of it",
        control=Control(_LARGE_RECIPE, _LARGE_TREE),
    ),
    _case(
        "bomb",
        "a payload of 8 KiB that would grow to 8 MiB",
        _BOMB,
        "an unverified payload must not even be decompressed into the output directory",
        control=Control(_BOMB, _LARGE_TREE),
    ),
    _case(
        "damaged-stream",
        "a payload whose CRC-32 is wrong too",
        whole(PAYLOAD[:TRAILER] + bytes(4) + PAYLOAD[TRAILER + 4 :]),
        "whichever defect is found first, nothing may be written",
    ),
    _case(
        "no-gzip",
        "a payload that is no gzip",
        whole(b"neither gzip nor tar\n" * 100),
        "whichever defect is found first, nothing may be written",
    ),
    _case(
        "empty-chunk",
        "a payload of no bytes",
        whole(b""),
        "whichever defect is found first, nothing may be written",
    ),
    _case(
        "escape",
        "an archive that would write through a link",
        archived(tar.symlink(b"out", b"/canary"), tar.file(b"out/file", b"changed\n")),
        "a hostile payload must not be opened at all",
        control=control_of(
            {b"out": Symlink(b"missing")}, gzip.tgz(tar.symlink(b"out", b"missing"))
        ),
        origin="RUSTSEC-2021-0080",
    ),
    _case(
        "as-pod-user",
        "user 1000 without capabilities",
        whole(PAYLOAD),
        conditions=Conditions(user="pod"),
    ),
)

CASES: Final = (*_EXISTING, *_PAYLOADS)

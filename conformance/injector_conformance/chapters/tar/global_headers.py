"""Global pax headers: passed over wherever they stand, without a trace in the tree (TAR-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import (
    Named,
    Recipe,
    archived,
    completes,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tar import Records
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"found\n"
_COMMENT: Final[Records] = {b"comment": b"0123456789abcdef0123456789abcdef01234567"}


def _global(records: Records = _COMMENT, name: bytes = b"pax_global_header") -> bytes:
    return tar.pax(records, name=name, typeflag=b"g")


def _passed_over(
    word: str, title: str, init: Recipe, tree: Named = BOTH, origin: str = "git archive"
) -> Case:
    return Case(
        id=f"tar-global-{word}",
        title=title,
        why="every archive that git makes begins with a global header",
        origin=origin,
        requirements=("TAR-1",),
        init=init,
        expect=completes(tree),
    )


def _obeyed_or_not(
    word: str, title: str, records: Records, *obeyed: Named, linked: bool = False
) -> Case:
    members = (BEFORE, AFTER, *((tar.symlink(b"s", b"own"),) if linked else ()))
    tree: Named = {**BOTH, b"s": Symlink(b"own")} if linked else BOTH
    return Case(
        id=f"tar-global-{word}",
        title=f"{title}: without effect, obeyed by every member, or a failure",
        why="one record gives every member of the archive the same name or length",
        origin="catalogue X10; POSIX.1-2017 pax, global records",
        requirements=("TAR-1",),
        init=archived(_global(records), *members),
        expect=fails_or(tree, *obeyed),
        control=control(tree, _global(), *members),
    )


CASES: Final = (
    _passed_over("first", "a global header first of all", archived(_global(), BEFORE, AFTER)),
    _passed_over("between", "one between two members", archived(BEFORE, _global(), AFTER)),
    _passed_over("last", "one right before the end", archived(BEFORE, AFTER, _global())),
    Case(
        id="tar-global-alone",
        title="a global header and nothing else: an empty tree, or a failure",
        why="the comment arrives as a file",
        origin="git archive of an empty tree",
        requirements=("TAR-1",),
        init=archived(_global()),
        expect=fails_or({}),
        control=control(BOTH, _global(), BEFORE, AFTER),
    ),
    _passed_over(
        "everywhere",
        "two before every member",
        archived(_global(), _global(), BEFORE, _global(), _global(), AFTER),
    ),
    _passed_over(
        "empty", "one without records", archived(BEFORE, tar.pax(b"", typeflag=b"g"), AFTER)
    ),
    _passed_over(
        "named-in-directories",
        "one whose own name has directories: they are not made",
        archived(BEFORE, _global(name=b"made/by/global"), AFTER),
        origin="catalogue X12",
    ),
    _passed_over(
        "named-like-a-file",
        "one whose own name is that of the file before it",
        archived(BEFORE, _global(name=b"before"), AFTER),
        origin="catalogue X12",
    ),
    _passed_over(
        "60-kib",
        "one with 60 KiB of comments",
        archived(BEFORE, _global([(b"comment", b"c" * 1000)] * 60), AFTER),
        origin="a header that fills several reads",
    ),
    _passed_over(
        "before-links",
        "one between a file and a hard link to it",
        archived(tar.file(b"f", _DATA), _global(), tar.hardlink(b"h", b"f")),
        {b"f": regular(_DATA, first_name=b"f"), b"h": regular(_DATA, first_name=b"f")},
        "POSIX.1-2017 pax, typeflag g",
    ),
    _obeyed_or_not("path", "a global path", {b"path": b"same"}, {b"same": ONLY_AFTER[b"after"]}),
    _obeyed_or_not(
        "linkpath",
        "a global link text",
        {b"linkpath": b"elsewhere"},
        {**BOTH, b"s": Symlink(b"elsewhere")},
        linked=True,
    ),
    _obeyed_or_not("size", "a global size", {b"size": b"0"}),
    Case(
        id="tar-global-between-override-and-member",
        title="x, g, file: the extended header applies to the file",
        why="the override is lost, and the file arrives under its stand-in name",
        origin="catalogue X33",
        requirements=("TAR-4", "TAR-1"),
        init=archived(tar.pax({b"path": b"f"}), _global(), tar.file(b"stand-in", _DATA), AFTER),
        expect=completes({b"f": _DATA, **ONLY_AFTER}),
    ),
    Case(
        id="tar-global-between-long-name-and-member",
        title="L, g, file: the long name applies to the file",
        why="the long name is lost, and the file arrives under its stand-in name",
        origin="catalogue X33 for GNU names",
        requirements=("TAR-4", "TAR-1"),
        init=archived(tar.gnu_longname(b"f"), _global(), tar.file(b"stand-in", _DATA), AFTER),
        expect=completes({b"f": _DATA, **ONLY_AFTER}),
    ),
)

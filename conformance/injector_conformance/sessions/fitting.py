"""Fitting a case to a subject that serves: as Zarf mounts it, and as the subject would have it.

What is changed is never what the case is about. Chunks that are links become plain files: Zarf
mounts each by itself, and links may be passed over (EXT-5). For a subject that wants a layout, one
is put in front of the payload, as a gzip member of its own in the first chunk (GZ-3), and is added
to the trees that are expected. For one that leaves no tree, cases about nothing else are not
applicable, and of the others that part is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from injector_conformance.cases.case import Case, Completes, Control, Expectation, Serves
from injector_conformance.chapters import serving
from injector_conformance.sessions.manner import USUAL, Manner
from injector_fixtures import gzip, tar
from injector_fixtures.layout import PREFIX, File, InitDirectory, Link, chunks_of
from injector_fixtures.oci.image import Blob
from injector_fixtures.tree import Tree

NO_TREE: Final = "the subject leaves no tree in the output directory, as it may (EXT-4)"
_MAGIC: Final = b"\x1f\x8b\x08"
_INDEX: Final = b"index.json"

_Recipe = Callable[[], InitDirectory]


def fitted(case: Case, manner: Manner = USUAL) -> Case | None:
    """The case for a subject of this manner; None if it is not applicable to it."""
    if manner.needs_layout and _lacks_layout(case):
        case = _with_layout(case)
    case = replace(case, init=_plainly(case.init), control=_plain_control(case.control))
    return _without_tree(case) if manner.leaves_no_tree else case


def _plainly(init: _Recipe) -> _Recipe:
    return lambda: unlinked(init())


def _plain_control(control: Control | None) -> Control | None:
    if control is None:
        return None
    above = _plain_control(control.control)
    return replace(control, init=_plainly(control.init), control=above)


def unlinked(init: InitDirectory) -> InitDirectory:
    """The init directory with a plain file for every chunk, if some are links to files."""
    if not any(
        isinstance(entry, Link) and name.startswith(PREFIX) for name, entry in init.entries.items()
    ):
        return init
    chunks = chunks_of(init.entries)
    if chunks is None or b"".join(one.content for _, _, one in chunks) != init.payload:
        return init
    return replace(init, entries={**init.entries, **{name: one for name, _, one in chunks}})


def _lacks_layout(case: Case) -> bool:
    """Whether the payload is none that a subject that wants a layout could serve."""
    trees = list(_trees(case))
    names = [name.rpartition(b"/")[2] for one in trees for name in one]
    return bool(trees) and _INDEX not in names


def _trees(case: Case) -> Iterator[Tree]:
    yield from (one.tree for one in case.expect if isinstance(one, Completes))
    if case.control is not None:
        yield from _trees_of(case.control)


def _trees_of(control: Control) -> Iterator[Tree]:
    yield control.tree
    if control.control is not None:
        yield from _trees_of(control.control)


def _with_layout(case: Case) -> Case:
    """The case with a layout before its payload.

    An argument that fits the payload is literal in some cases; it fits the longer one then.
    """
    argument = case.argument
    if isinstance(argument, str) and argument.lower() == case.init().sha256:
        argument = _spelled_like(argument, completed(case.init()).sha256)
    expect = tuple(
        replace(one, tree=_and_layout(one.tree)) if isinstance(one, Completes) else one
        for one in case.expect
    )
    control = None if case.control is None else _control_with_layout(case.control)
    return replace(
        case, init=_completed(case.init), expect=expect, argument=argument, control=control
    )


def _spelled_like(old: str, new: str) -> str:
    """Digits with capitals where the old ones have them."""
    if old.isupper():
        return new.upper()
    pairs = zip(old, new, strict=True)
    return "".join(digit.upper() if one.isupper() else digit for one, digit in pairs)


def _control_with_layout(control: Control) -> Control:
    above = None if control.control is None else _control_with_layout(control.control)
    tree = _and_layout(control.tree)
    return replace(control, init=_completed(control.init), tree=tree, control=above)


def _completed(init: _Recipe) -> _Recipe:
    return lambda: completed(init())


def completed(init: InitDirectory) -> InitDirectory:
    """The init directory with a layout in front of its payload.

    What is no gzip at all stays as it is: behind a layout it would be something else.
    """
    chunks = chunks_of(init.entries)
    if not chunks or not init.payload.startswith(_MAGIC):
        return init
    _, place, first = chunks[0]
    entries = {**init.entries, place: File(_layout() + first.content, first.mode)}
    return InitDirectory(entries, _layout() + init.payload)


def _and_layout(tree: Tree) -> Tree:
    return {**serving.plain().tree, **tree}


@cache
def _layout() -> bytes:
    """A layout as a gzip member, without an end: other members of the archive follow."""
    files = [
        tar.file(name, one.data, mode=mode)
        for name, one, mode in serving.plain().files
        if isinstance(one, Blob)
    ]
    folders = tar.directory(b"blobs"), tar.directory(b"blobs/sha256")
    return gzip.member(b"".join((*folders, *files)))


def _without_tree(case: Case) -> Case | None:
    """What is left of a case where no tree can be seen."""
    asks = bool(case.exchange.steps or case.exchange.eager)
    is_seen = asks or case.is_control or any(not isinstance(one, Completes) for one in case.expect)
    if not is_seen:
        return None
    expect: dict[Expectation, None] = dict.fromkeys(
        Serves() if isinstance(one, Completes) else one for one in case.expect
    )
    return replace(case, expect=tuple(expect), control=_treeless(case.control))


def _treeless(control: Control | None) -> Control | None:
    if control is None:
        return None
    return replace(control, leaves_tree=False, control=_treeless(control.control))

"""Short words for writing cases: recipes of payloads, and what is expected of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case, Completes, Control, Fails
from injector_fixtures import gzip
from injector_fixtures.layout import InitDirectory, chunked
from injector_fixtures.tree import Directory, Entry, Tree, regular

Recipe = Callable[[], InitDirectory]
Named = Mapping[bytes, bytes | Entry]
"""A tree in short: bytes stand for a regular file with that content."""

FOLDER: Final = Directory()
FAILS: Final = (Fails(),)
FAILS_UNTOUCHED: Final = (Fails(untouched=True),)


def whole(payload: bytes) -> Recipe:
    """These bytes as the payload, cut as Zarf cuts them."""
    return lambda: chunked(payload)


def made(build: Callable[[], bytes]) -> Recipe:
    """What ``build`` makes when the case runs, as the payload: for what is dear to make."""
    return lambda: chunked(build())


def archived(*members: bytes) -> Recipe:
    """An archive of these members, compressed, as the payload."""
    return whole(gzip.tgz(*members))


def tree(named: Named) -> Tree:
    """A tree from its short form."""
    return {
        name: regular(entry) if isinstance(entry, bytes) else entry
        for name, entry in named.items()
    }


def completes(*alternatives: Named) -> tuple[Completes, ...]:
    """Completed, with one of these trees."""
    return tuple(Completes(tree(one)) for one in alternatives)


def fails_or(*alternatives: Named) -> tuple[Completes | Fails, ...]:
    """Rejected or aborted, or completed with one of these trees."""
    return (*completes(*alternatives), Fails())


def on_disk(cases: Iterable[Case]) -> Iterator[Case]:
    """The same cases on a disk: what is told by inode numbers, which are used again there.

    Controls stay where they are.
    """
    for case in cases:
        positive = case.control and replace(
            case.control, conditions=case.control.conditions or case.conditions
        )
        yield replace(
            case,
            id=f"{case.id}-on-disk",
            title=f"{case.title}; on a disk, where inode numbers are used again",
            control=positive,
            conditions=replace(case.conditions, filesystem="disk"),
        )


def control(named: Named, *members: bytes) -> Control:
    """A positive control: an archive of these members completes with this tree."""
    return Control(archived(*members), tree(named))


def control_of(named: Named, payload: bytes) -> Control:
    """A positive control from the whole payload."""
    return Control(whole(payload), tree(named))

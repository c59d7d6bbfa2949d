"""How cases are written whose stream has one defect that a careless decoder passes over."""

from __future__ import annotations

from collections.abc import Callable

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, amid
from injector_conformance.chapters.recipes import FAILS, made
from injector_fixtures import gzip
from injector_fixtures.deflate import Block, stored, stream


def defect(
    identity: str,
    title: str,
    why: str,
    origin: str,
    blocks: Callable[[], tuple[Block, ...]],
    *,
    decoded: bytes = ARCHIVE,
    others: str = "",
    requirement: str = "GZ-4",
) -> Case:
    """One member; ``decoded`` is what a careless decoder makes of it."""
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=(requirement,),
        init=made(lambda: gzip.member(decoded, deflated=stream(*blocks()))),
        expect=FAILS,
        control=CONTROL,
        others=others,
    )


def defect_amid(
    identity: str,
    title: str,
    why: str,
    origin: str,
    block: Block,
    *,
    holds: bytes = b"",
    others: str = "",
) -> Case:
    """The defect amid the data of a file; ``holds`` is what a careless decoder makes of it."""
    before, behind = amid(holds)
    return defect(
        identity,
        title,
        why,
        origin,
        lambda: (stored(before), block, stored(behind)),
        decoded=before + holds + behind,
        others=others,
    )

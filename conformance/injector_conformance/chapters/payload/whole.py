"""The golden payload, what Zarf sends in small, in every way of cutting it (PAY-1, PAY-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Completes
from injector_fixtures import golden
from injector_fixtures.layout import InitDirectory

_TREE: Final = golden.tree()


def _promises(manner: str) -> tuple[str, ...]:
    """What a way of cutting puts to the test: links, boundaries, or neither of them."""
    if manner.endswith("volume"):
        return ("PAY-1",)
    return ("TAR-2",) if manner == "one-chunk" else ("PAY-3",)


def _case(manner: str, layout: InitDirectory) -> Case:
    return Case(
        id=f"pay-golden-{manner}",
        title=f"the golden payload; how it lies in the init directory: {manner.replace('-', ' ')}",
        why="a registry program and an image arrive incomplete, or not at all",
        origin="the stage1 contract; the golden payload of these fixtures",
        requirements=_promises(manner),
        init=lambda: layout,
        expect=(Completes(_TREE),),
    )


CASES: Final = tuple(_case(manner, layout) for manner, layout in golden.layouts().items())

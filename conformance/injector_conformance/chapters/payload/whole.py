"""The golden payload, which is what Zarf sends in small, in every way of cutting it (PAY-3)."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case, Completes
from injector_fixtures import golden
from injector_fixtures.layout import InitDirectory

_TREE: Final = golden.tree()


def _case(manner: str, layout: InitDirectory) -> Case:
    chapter = ("PAY-1",) if manner.endswith("volume") else ()
    return Case(
        id=f"pay-golden-{manner}",
        title=f"the golden payload; how it lies in the init directory: {manner.replace('-', ' ')}",
        why="a registry program and an image arrive incomplete, or not at all",
        origin="the stage1 contract; the golden payload of these fixtures",
        requirements=(*chapter, "PAY-3", "TAR-2"),
        init=lambda: layout,
        expect=(Completes(_TREE),),
    )


CASES: Final = tuple(_case(manner, layout) for manner, layout in golden.layouts().items())

"""TAR-15: owners and attributes of the archive that were applied are seen and charged."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import archived, completes, tree
from injector_conformance.judging.verdict import judge
from injector_conformance.observations.observation import Observation
from injector_conformance.sandbox import Run
from injector_conformance.stages.snapshot import Print, Snapshot, take
from injector_fixtures.tree import Directory

ROOT = Print(Directory(), 0, 0, 2, 0, (1, 1))
NAMES = {b"a": b"1", b"b": b"2"}
PRINTS = {
    name: Print(entry, 1000, 2000, 1, 0, (1, 10 + number))
    for number, (name, entry) in enumerate(tree(NAMES).items())
}


def charged(root: Print = ROOT, requirement: str = "TAR-15", **changed: Print) -> list[str]:
    """The requirements that are broken when some entries are not as they should be."""
    output = PRINTS | {name.encode(): one for name, one in changed.items()}
    case = Case(
        id="test-owners",
        title="t",
        why="w",
        origin="o",
        requirements=(requirement,),
        init=archived(),
        expect=completes(NAMES),
    )
    seen = Observation(
        run=Run(0, None, b"", b"", 0.1, None),
        output_before=Snapshot({b".": root}),
        output=Snapshot({b".": root, **output}),
        init_changes=(),
        outside_changes=(),
        shared=(),
    )
    return [one.requirement for one in judge(case, seen)]


def test_one_owner_whoever_it_is() -> None:
    assert charged() == []


@pytest.mark.parametrize(
    "other", [replace(PRINTS[b"a"], user=12345), replace(PRINTS[b"a"], group=12345)]
)
def test_another_owner_of_one_entry(other: Print) -> None:
    assert charged(a=other) == ["TAR-15"]


def test_an_attribute_of_one_entry() -> None:
    assert charged(a=replace(PRINTS[b"a"], attributes=("user.comment",))) == ["TAR-15"]


def test_attributes_that_the_output_directory_hands_down() -> None:
    listed = ("system.posix_acl_access",)
    root = replace(ROOT, attributes=("system.posix_acl_default",))

    assert charged(root, a=replace(PRINTS[b"a"], attributes=listed)) == []


def test_cases_of_other_requirements_do_not_look() -> None:
    assert charged(requirement="TAR-2", a=replace(PRINTS[b"a"], user=12345)) == []


def test_attributes_are_found_on_disk(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    (tmp_path / "d").mkdir()
    try:
        os.setxattr(tmp_path / "f", "user.comment", b"1")
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            pytest.skip("no extended attributes on this file system")
        raise

    prints = take(tmp_path).prints

    assert prints[b"f"].attributes == ("user.comment",)
    assert prints[b"d"].attributes == ()

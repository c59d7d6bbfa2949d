"""What positive controls are about, told from their payloads."""

from __future__ import annotations

import pytest

from injector_conformance.cases.contents import needs
from injector_conformance.judging.stumbling import has_stumbling_block
from injector_conformance.run import catalogue
from injector_fixtures import gzip, tar
from injector_fixtures.tree import Symlink, Tree, regular

_FILE = tar.file(b"f", b"data")


@pytest.mark.parametrize(
    ("payload", "requirements"),
    [
        (gzip.tgz(_FILE), ("TAR-2",)),
        (gzip.tgz(_FILE, name=b"payload.tar"), ("TAR-2",)),
        (gzip.tgz(_FILE, header_crc="right"), ("GZ-2",)),
        (gzip.member(_FILE) + gzip.member(tar.END), ("GZ-3",)),
        (gzip.tgz(tar.pax({b"path": b"g"}), _FILE), ("TAR-1",)),
        (gzip.tgz(tar.file(b"f", magic=tar.V7)), ("TAR-1",)),
        (gzip.tgz(_FILE, tar.symlink(b"l", b"f")), ("TAR-7",)),
        (gzip.tgz(tar.gnu_longlink(b"f"), tar.symlink(b"l", b"x")), ("TAR-1", "TAR-7")),
        (gzip.tgz(tar.file(b"\xff")), ("TAR-13",)),
        (b"", ("TAR-2",)),
    ],
)
def test_what_is_odd_about_a_payload(payload: bytes, requirements: tuple[str, ...]) -> None:
    assert needs(payload) == requirements


def test_every_control_is_a_case_that_can_be_asked_for() -> None:
    cases = catalogue.load()
    for case in cases.values():
        if case.control is not None:
            assert cases[case.control.id].is_control
            assert cases[case.control.id].expect == case.positive().expect


@pytest.mark.parametrize(
    ("target", "nowhere"),
    [(b"f", False), (b"d/../f", False), (b".", True), (b"missing", True), (b"l", True)],
)
def test_links_that_lead_nowhere_or_round(target: bytes, nowhere: bool) -> None:
    tree: Tree = {b"f": regular(b""), b"l": Symlink(target)}
    assert has_stumbling_block(tree) is nowhere

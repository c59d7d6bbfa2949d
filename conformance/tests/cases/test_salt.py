"""Payloads that no other session has had, and that mean the same."""

from __future__ import annotations

import gzip as standard_gzip

import pytest

from injector_conformance.cases import salt
from injector_conformance.run import catalogue
from injector_fixtures import gzip, tar
from injector_fixtures.layout import chunked, subpath, volume

_ARCHIVE = tar.archive(tar.file(b"a", b"content"))
_ONE, _OTHER = "0123456789abcdef", "fedcba9876543210"


@pytest.mark.parametrize("size", [1, 3, 5, 7, 4096])
def test_another_digest_and_the_same_content_however_it_is_cut(size: int) -> None:
    plain = chunked(gzip.member(_ARCHIVE), size)

    first, second = salt.salted(plain, _ONE), salt.salted(plain, _OTHER)

    assert len({plain.sha256, first.sha256, second.sha256}) == 3
    assert standard_gzip.decompress(first.payload) == _ARCHIVE
    assert chunked(first.payload, size).entries == first.entries
    assert salt.salted(plain, _ONE).entries == first.entries


def test_chunks_of_a_whole_volume() -> None:
    plain = volume([b"\x1f\x8b\x08\x00\x00\x00", gzip.member(_ARCHIVE)[6:]])

    salted = salt.salted(plain, _ONE)

    assert volume([salted.payload[:6], salted.payload[6:]]).entries == salted.entries
    assert salted.sha256 != plain.sha256


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(_ARCHIVE, id="no gzip"),
        pytest.param(gzip.member(_ARCHIVE)[:7], id="too short"),
        pytest.param(b"\x1f\x8b\x08\x00\x01" + gzip.member(_ARCHIVE)[5:], id="a time already"),
        pytest.param(b"\x1f\x8b\x08\x02" + gzip.member(_ARCHIVE)[4:], id="a header checksum"),
    ],
)
def test_what_is_not_free_stays(payload: bytes) -> None:
    plain = subpath([payload])

    assert salt.salted(plain, _ONE) is plain


def test_most_cases_have_another_digest_in_another_session() -> None:
    inits = [case.init() for case in list(catalogue.load().values())[::25]]

    changed = [one for one in inits if salt.salted(one, _ONE).sha256 != one.sha256]

    assert len(changed) > 0.8 * len(inits)


def test_seeds() -> None:
    assert salt.is_seed(salt.new_seed())
    assert not salt.is_seed("0123")
    assert not salt.is_seed("0123456789ABCDEF")
    assert salt.numbers(_ONE, "a").random() == salt.numbers(_ONE, "a").random()
    assert salt.numbers(_ONE, "a").random() != salt.numbers(_ONE, "b").random()


@pytest.mark.parametrize(
    "identity", [one for one in catalogue.load() if one.startswith("sum-fresh-")]
)
def test_a_case_that_is_made_anew_belongs_to_its_control(identity: str) -> None:
    cases = catalogue.load()
    case = salt.renewed(cases[identity], _ONE)

    assert (case.id, case.requirements) == (identity, cases[identity].requirements)
    assert case.init().sha256 != salt.renewed(cases[identity], _OTHER).init().sha256
    if case.control is not None:
        control = salt.renewed(cases[case.control.id], _ONE)
        assert control.expect == case.positive().expect
        assert control.init().sha256 == case.positive().init().sha256


def test_a_literal_argument_keeps_its_payload() -> None:
    case = catalogue.load()["sum-mismatch-in-last-digit"]

    renewed = salt.renewed(case, _ONE)

    assert renewed.init().sha256 == case.init().sha256
    assert renewed.positive().init().sha256 != case.positive().init().sha256

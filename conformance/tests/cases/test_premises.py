"""What cases take for granted: features of payloads, and the witnesses that are about them."""

from __future__ import annotations

import sys
from typing import Final

import pytest

from injector_conformance.cases.case import Conditions
from injector_conformance.cases.features import Feature, features
from injector_conformance.cases.premises import EVERY, WITNESSES, taken_for_granted
from injector_conformance.profiles import PROFILES
from injector_conformance.run import catalogue, suite
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level
from injector_fixtures import gzip, tar

_HEADER: Final = 512
_MAGIC: Final = range(257, 262)


def judged(mutant: str, *ids: str) -> dict[str, CaseResult]:
    command = (sys.executable, "-m", "mutants", mutant)
    planned = suite.plan(command, ids=ids, sandbox="auto")
    with planned.opened(2) as session:
        found = session.judge_all(list(planned.cases.values()))
    return {one.case.id: one for one in found}


@pytest.mark.parametrize("feature", Feature)
def test_every_feature_has_a_witness_that_has_it(feature: Feature) -> None:
    witness = catalogue.load()[WITNESSES[feature]]

    assert feature in features(witness.init().payload)


@pytest.mark.parametrize("feature", Feature)
def test_a_witness_is_about_little_else(feature: Feature) -> None:
    """What it takes for granted itself must be plainer: no two wait for each other."""
    order = [Feature.SYMBOLIC_LINK, Feature.NO_PARENT]
    others = features(catalogue.load()[WITNESSES[feature]].init().payload) - {feature}

    assert others <= ({*order[: order.index(feature)]} if feature in order else {*order})


@pytest.mark.parametrize("witness", sorted(EVERY))
def test_a_witness_is_a_must_under_ordinary_conditions(witness: str) -> None:
    case = catalogue.load()[witness]
    known = spec.load().requirements

    assert all(known[one].level is Level.MUST for one in case.requirements)
    assert case.conditions == Conditions()


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_has_every_witness(profile: str) -> None:
    assert catalogue.under_profile(catalogue.load(), spec.load(), profile).keys() >= EVERY


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"", set()),
        (b"no gzip at all", set()),
        (gzip.tgz(tar.file(b"a", b"1")), set()),
        (gzip.tgz(tar.file(b"a", b"1"), tar.file(b"./a", b"2")), {Feature.REPEATED}),
        (gzip.tgz(tar.file(b"a", b"1"))[:-20], {Feature.CUT_STREAM}),
        (gzip.tgz(tar.file(b"a", b"1"))[:-8], {Feature.NO_TRAILER}),
        (gzip.tgz(tar.file(b"a", b"1"), crc=0), {Feature.WRONG_CRC}),
        (gzip.tgz(tar.file(b"a", b"1"), isize=7), {Feature.WRONG_LENGTH}),
        (gzip.tgz(tar.file(b"a", b"1", checksum=1)), {Feature.WRONG_FIRST_SUM}),
        (
            gzip.tgz(tar.file(b"a", b"1"), tar.file(b"b", b"1", checksum=1)),
            {Feature.WRONG_SUM},
        ),
        (gzip.tgz(tar.file(b"a", b"1" * 99)[:-_HEADER], end=b""), {Feature.CUT_ARCHIVE}),
        (gzip.tgz(tar.file(b"a", b"1")[:-700], end=b""), {Feature.CUT_ARCHIVE}),
        (gzip.tgz(tar.directory(b"d"), tar.file(b"d/a", b"1")), set()),
        (
            gzip.tgz(
                *(tar.pax({b"path": b"a"}), tar.file(b"x", b"1")),
                *(tar.pax({b"path": b"b"}), tar.file(b"x", b"1")),
            ),
            {Feature.PAX_PATH},
        ),
        (gzip.tgz(tar.file(b"a", bytes(5 << 20)), crc=0), set()),
    ],
)
def test_features_are_seen_and_no_others(payload: bytes, expected: set[Feature]) -> None:
    assert features(payload) == expected


@pytest.mark.parametrize("at", range(0, _HEADER, 13))
def test_a_header_of_which_any_byte_is_wrong_tells_no_more_than_that(at: int) -> None:
    archive = bytearray(tar.file(b"a", b"1") + tar.file(b"b", b"2") + bytes(2 * _HEADER))
    archive[at] ^= 0xFF

    # Without the magic, it need not be a header at all.
    expected = set() if at in _MAGIC else {Feature.WRONG_FIRST_SUM}
    assert features(gzip.member(bytes(archive))) == expected


def test_what_lies_too_far_behind_to_be_seen_is_told_by_name() -> None:
    assert list(taken_for_granted("gz-isize-modulo", b"")) == ["run-memory-as-much-again"]


@pytest.mark.needs("namespaces")
def test_who_does_not_look_for_damage_is_told_so_once() -> None:
    """And not that it does so without /proc, as another user and with its log closed."""
    found = judged(
        "tar-checksum-unchecked",
        "tar-checksum-first-header",
        "run-bare-failing",
        "run-pod-failing",
        "run-all-closed-failing",
    )
    broken = {name: one for name, one in found.items() if one.broken}

    assert {name: one.broken[0].requirement for name, one in broken.items()} == {
        "tar-checksum-first-header": "TAR-8"
    }
    doubtful = {name for name, one in found.items() if one.status is CaseStatus.INCONCLUSIVE}
    assert doubtful == {"run-bare-failing", "run-pod-failing", "run-all-closed-failing"}
    assert all("tar-checksum-first-header" in found[name].reason for name in doubtful)
    assert not any(found[name].is_conclusive for name in doubtful)


@pytest.mark.needs("namespaces")
def test_who_takes_another_payload_is_charged_though_it_sees_no_damage_either() -> None:
    """The wrong argument alone is a reason to refuse it."""
    found = judged("gz-crc-unchecked+sum-warns-only", "sum-flip-data")

    assert [one.requirement for one in found["sum-flip-data"].broken] == ["SUM-2"]


@pytest.mark.needs("namespaces")
def test_a_witness_is_looked_at_though_it_was_not_selected() -> None:
    found = judged("tar-checksum-unchecked", "run-bare-failing")

    assert found["run-bare-failing"].status is CaseStatus.INCONCLUSIVE


@pytest.mark.needs("namespaces")
def test_who_keeps_the_witnesses_is_charged() -> None:
    found = judged("tar-large-headers-refused", "tar-header-size-65-kib")

    assert [one.requirement for one in found["tar-header-size-65-kib"].broken] == ["TAR-17"]

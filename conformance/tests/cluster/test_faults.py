"""Faults are named from what Kubernetes says of two pods."""

from __future__ import annotations

import json

import pytest

from injector_conformance.cluster import faults, naming, sight
from injector_conformance.cluster.faults import Blame, Fault
from injector_conformance.cluster.golden import Told
from injector_conformance.cluster.sight import Ended
from injector_conformance.specification import spec
from tests.cluster.injectors import INJECTORS
from tests.cluster.pulls import PULLS, REQUEST
from tests.cluster.said import (
    NAME,
    PRESENT,
    PULLED,
    READY,
    REFUSED,
    RUNNING,
    URL,
    Json,
    ended,
    failed,
    pod,
    probe,
    waiting,
)


@pytest.mark.parametrize(
    ("fault", "seen", "log", "was_ready"),
    [pytest.param(*row[1:], id=row[0]) for row in INJECTORS],
)
def test_what_is_wrong_with_an_injectors_pod_is_named(
    fault: Fault, seen: sight.Pod, log: str, was_ready: bool
) -> None:
    finding = naming.of_injector(seen, NAME, log, was_ready=was_ready)

    assert finding is not None
    assert finding.fault.id == fault.id


@pytest.mark.parametrize(
    ("fault", "served_by", "events"), [pytest.param(*row[1:], id=row[0]) for row in PULLS]
)
def test_what_is_wrong_with_a_pull_is_named(
    fault: Fault, served_by: Json, events: tuple[tuple[str, str], ...]
) -> None:
    finding = naming.of_pull(pod(waiting("ErrImagePull"), *events), pod(served_by), NAME)

    assert finding is not None
    assert finding.fault.id == fault.id


@pytest.mark.parametrize(
    ("container", "events"),
    [
        pytest.param(None, (), id="the kubelet has not said anything yet"),
        pytest.param(waiting("ContainerCreating"), (), id="it is being made"),
        pytest.param(RUNNING, (), id="it was not asked yet"),
        pytest.param(READY, (probe(REFUSED),), id="it took its time, and is ready"),
    ],
)
def test_who_is_on_the_way_is_accused_of_nothing(
    container: Json | None, events: tuple[tuple[str, str], ...]
) -> None:
    assert naming.of_injector(pod(container, *events), NAME) is None


@pytest.mark.parametrize(
    "events",
    [
        pytest.param((PULLED,), id="pulled"),
        pytest.param((PRESENT,), id="not pulled at all"),
        pytest.param(
            (failed(f'{REQUEST}"http://{URL}": connect: connection refused'), PULLED),
            id="the port came later",
        ),
        pytest.param(
            (failed("failed to read expected number of bytes: unexpected EOF"), PULLED),
            id="a connection was lost once",
        ),
    ],
)
def test_a_pull_that_another_explains_accuses_nobody(events: tuple[tuple[str, str], ...]) -> None:
    assert naming.of_pull(pod(READY, *events), pod(READY), NAME) is None


def test_the_last_probe_counts_not_the_last_in_the_list() -> None:
    late = probe("HTTP probe failed with statuscode: 500")

    assert naming.of_injector(pod(RUNNING, late, probe(REFUSED)), NAME) == faults.Finding(
        faults.NEVER_LISTENED, f"Readiness probe failed: {REFUSED}"
    )


def test_a_finding_tells_status_signal_and_the_last_line_of_the_log() -> None:
    finding = naming.of_injector(pod(ended(139)), NAME, "listening\nGET /v2/\n", was_ready=True)

    assert str(finding) == (
        "the injector ended after it was ready: status 139 (SIGSEGV), the log ends: GET /v2/"
    )


INJECTIONS: list[tuple[str, Fault, sight.Pod, str]] = [
    ("a status", faults.INJECTION_FAILED, pod(ended(1)), "wrong checksum"),
    ("memory", faults.INJECTION_FAILED, pod(ended(137, "OOMKilled")), ""),
    (
        "another machine",
        faults.WRONG_ARCHITECTURE,
        pod(ended(1)),
        "exec /zarf-stage1/zarf-injector: exec format error",
    ),
    ("killed", faults.KILLED, pod(ended(137)), ""),
    ("no image", faults.NO_BASE_IMAGE, pod(waiting("ErrImagePull")), ""),
]

TOLD = [
    Told("/zarf-stage2/zarf-registry", "a" * 64),
    Told("/zarf-stage2/seed-image.tar", "b" * 64),
]
FOUND = "".join(f"{one.sha256}  {one.path}\n" for one in TOLD)

HAND_OVERS: list[tuple[str, Fault, Ended, str]] = [
    (
        "not executable",
        faults.NOT_EXECUTABLE,
        Ended(128, "StartError", 'exec: "/zarf-stage2/zarf-registry": permission denied'),
        "",
    ),
    (
        "another machine's",
        faults.NOT_EXECUTABLE,
        Ended(1, "Error", ""),
        "exec /zarf-stage2/zarf-registry: exec format error",
    ),
    ("other bytes", faults.OTHER_FILES, Ended(0, "Completed", ""), FOUND.replace("b", "c")),
    ("one is missing", faults.OTHER_FILES, Ended(1, "Error", ""), FOUND.splitlines()[0]),
]

PLAYED = {faults.OTHER_IMAGE.id, faults.NOT_INJECTED_IN_TIME.id, faults.NOT_RUN.id}
"""Named where the story is played: no words of Kubernetes are needed for them."""


@pytest.mark.parametrize(
    ("fault", "seen", "log"), [pytest.param(*row[1:], id=row[0]) for row in INJECTIONS]
)
def test_what_is_wrong_with_an_init_container_is_named(
    fault: Fault, seen: sight.Pod, log: str
) -> None:
    finding = naming.of_injection(seen, NAME, log)

    assert finding is not None
    assert finding.fault.id == fault.id


@pytest.mark.parametrize(
    "container",
    [
        pytest.param(None, id="the kubelet has not said anything yet"),
        pytest.param(RUNNING, id="at work"),
        pytest.param(ended(0, "Completed"), id="done"),
    ],
)
def test_an_init_container_that_does_its_work_is_not_accused(
    container: Json | None,
) -> None:
    assert naming.of_injection(pod(container), NAME) is None


@pytest.mark.parametrize(
    ("fault", "how", "said"), [pytest.param(*row[1:], id=row[0]) for row in HAND_OVERS]
)
def test_what_is_wrong_with_a_hand_over_is_named(fault: Fault, how: Ended, said: str) -> None:
    finding = naming.of_hand_over(how, said, TOLD)

    assert finding is not None
    assert finding.fault.id == fault.id


def test_a_hand_over_of_what_was_packed_is_sound() -> None:
    assert naming.of_hand_over(Ended(0, "Completed", ""), FOUND, TOLD) is None


def test_every_fault_is_met_by_a_row() -> None:
    tables = (INJECTORS, PULLS, INJECTIONS, HAND_OVERS)
    met = {row[1].id for table in tables for row in table}

    assert met | PLAYED == {fault.id for fault in faults.FAULTS}


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda fault: fault.id)
def test_a_fault_breaks_words_of_the_specification_and_the_clusters_none(fault: Fault) -> None:
    assert set(fault.breaks) <= set(spec.load().requirements)
    assert fault.blame is Blame.INJECTOR or not fault.breaks


def test_events_of_an_earlier_pod_of_that_name_are_not_this_ones() -> None:
    event = {
        "involvedObject": {"kind": "Pod", "name": NAME, "uid": "0"},
        "reason": "Failed",
        "message": "earlier",
    }
    document = {"kind": "Pod", "metadata": {"name": NAME, "uid": "1"}}

    seen = sight.read(json.dumps(document), json.dumps({"kind": "List", "items": [event]}))

    assert seen.events == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "kubectl printed no JSON where a Pod", id="nothing"),
        pytest.param("[]", "kubectl printed a list, no Pod", id="no object"),
        pytest.param('{"kind": "Node"}', "kubectl printed a Node, no Pod", id="another kind"),
        pytest.param("{}", "kubectl printed a nameless object, no Pod", id="no kind"),
    ],
)
def test_what_is_no_pod_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(sight.SightError, match=message) as error:
        sight.read(text)

    assert "\n" not in str(error.value)

"""Faults are named from what Kubernetes says of two pods.

The words of containerd were recorded from containerd 1.6.20 that pulled from servers with one flaw
each, those of runc from runc 1.1.5; the pods around them have the fields that the kubelet writes.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from injector_conformance import spec
from injector_conformance.cluster import faults, naming, sight
from injector_conformance.cluster.faults import Blame, Fault

NAME = "injector"
IMAGE = "127.0.0.1:31999/library/registry:1"
URL = "127.0.0.1:31999/v2/library/registry"
DIGESTS = f"sha256:{'a' * 64}, expected sha256:{'b' * 64}"
REFUSED = 'Get "http://10.88.0.2:5000/v2/": dial tcp 10.88.0.2:5000: connect: connection refused'
RUNNING = {"state": {"running": {"startedAt": "2026-11-25T12:00:00Z"}}, "ready": False}
READY = {**RUNNING, "ready": True}

Json = dict[str, Any]


def waiting(reason: str, message: str = "") -> Json:
    return {"state": {"waiting": {"reason": reason, "message": message}}, "ready": False}


def ended(status: int, reason: str = "Error", message: str = "") -> Json:
    state = {"exitCode": status, "reason": reason, "message": message}
    return {"state": {"terminated": state}, "ready": False}


def probe(words: str) -> tuple[str, str]:
    return ("Unhealthy", f"Readiness probe failed: {words}")


def pod(
    container: Json | None, *events: tuple[str, str], status: Json | None = None, **metadata: str
) -> sight.Pod:
    document = {
        "kind": "Pod",
        "metadata": {"name": NAME, "uid": "1", **metadata},
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": NAME, **container}] if container else [],
            **(status or {}),
        },
    }
    about = {"kind": "Pod", "name": NAME, "uid": "1"}
    items = [
        {
            "involvedObject": about,
            "reason": reason,
            "message": message,
            "lastTimestamp": f"2026-11-25T12:00:{second:02}Z",
        }
        for second, (reason, message) in enumerate(events)
    ]
    return sight.read(json.dumps(document), json.dumps({"kind": "List", "items": items[::-1]}))


def failed(words: str) -> tuple[str, str]:
    wrapped = (
        f'rpc error: code = Unknown desc = failed to pull and unpack image "{IMAGE}": {words}'
    )
    return ("Failed", f'Failed to pull image "{IMAGE}": {wrapped}')


PULLED = ("Pulled", f'Successfully pulled image "{IMAGE}" in 1.2s')
PRESENT = ("Pulled", f'Container image "{IMAGE}" already present on machine')

EXEC = "exec /zarf-init/zarf-injector: "
MOUNT = 'MountVolume.SetUp failed for volume "init" : configmap "rust-binary" not found'
UNSCHEDULED = {
    "conditions": [{"type": "PodScheduled", "status": "False", "message": "0/1 nodes available"}]
}

INJECTORS: list[tuple[str, Fault, sight.Pod, str, bool]] = [
    (
        "runc, in the log",
        faults.WRONG_ARCHITECTURE,
        pod(ended(1)),
        EXEC + "exec format error",
        False,
    ),
    (
        "older runc",
        faults.WRONG_ARCHITECTURE,
        pod(ended(1)),
        "standard_init_linux.go:228: exec user process caused: exec format error\n",
        False,
    ),
    (
        "a runtime that fails to start it",
        faults.WRONG_ARCHITECTURE,
        pod(ended(128, "StartError", "failed to create task: exec format error")),
        "",
        False,
    ),
    ("no loader", faults.NO_LOADER, pod(ended(1)), EXEC + "no such file or directory", False),
    ("memory", faults.OUT_OF_MEMORY, pod(ended(137, "OOMKilled")), "", False),
    ("a wrong checksum", faults.ENDED, pod(ended(1), probe(REFUSED)), "wrong checksum", False),
    ("success without serving", faults.ENDED, pod(ended(0, "Completed")), "", False),
    (
        "the probe is the first request",
        faults.DIED_AT_REQUEST,
        pod(ended(139), probe('Get "http://10.88.0.2:5000/v2/": EOF')),
        "",
        False,
    ),
    ("after readiness", faults.DIED_SERVING, pod(ended(139)), "", True),
    ("its own words about exec", faults.ENDED, pod(ended(1)), "a\nexec format error", False),
    ("nothing listens", faults.NEVER_LISTENED, pod(RUNNING, probe(REFUSED)), "", False),
    (
        "a status, at last",
        faults.PROBE_REFUSED,
        pod(RUNNING, probe(REFUSED), probe("HTTP probe failed with statuscode: 503")),
        "",
        False,
    ),
    (
        "closed",
        faults.PROBE_CLOSED,
        pod(RUNNING, probe('Get "http://10.88.0.2:5000/v2/": EOF')),
        "",
        False,
    ),
    (
        "no answer",
        faults.PROBE_UNANSWERED,
        pod(RUNNING, probe('Get "http://10.88.0.2:5000/v2/": context deadline exceeded')),
        "",
        False,
    ),
    (
        "a probe's unknown words",
        faults.UNNAMED,
        pod(RUNNING, probe("no route to host")),
        "",
        False,
    ),
    ("deleted", faults.DELETED, pod(ended(1), deletionTimestamp="2026-11-25T12:00:00Z"), "", True),
    ("evicted", faults.EVICTED, pod(ended(1), status={"reason": "Evicted"}), "", True),
    ("lost", faults.EVICTED, pod(ended(137, "ContainerStatusUnknown")), "", True),
    ("killed", faults.KILLED, pod(ended(137)), "", True),
    ("terminated", faults.KILLED, pod(ended(143)), "", True),
    ("no node", faults.UNSCHEDULED, pod(None, status=UNSCHEDULED), "", False),
    ("no image", faults.NO_BASE_IMAGE, pod(waiting("ImagePullBackOff")), "", False),
    (
        "no ConfigMap",
        faults.NOT_MOUNTED,
        pod(waiting("ContainerCreating"), ("FailedMount", MOUNT)),
        "",
        False,
    ),
    (
        "no sandbox",
        faults.NOT_CREATED,
        pod(waiting("ContainerCreating"), ("FailedCreatePodSandBox", "no address left")),
        "",
        False,
    ),
    ("no container", faults.NOT_CREATED, pod(waiting("CreateContainerConfigError")), "", False),
]

COMMIT = f'failed commit on ref "layer-sha256:{"b" * 64}": commit failed: '
NOT_FOUND = f'failed to resolve reference "{IMAGE}": {IMAGE}: not found'
UNAVAILABLE = (
    f'failed to resolve reference "{IMAGE}": pulling from host 127.0.0.1:31999 failed with status'
    " code [manifests 1]: 503 Service Unavailable"
)
REQUEST = f'failed to resolve reference "{IMAGE}": failed to do request: Head '
WRONG = f"{COMMIT}unexpected commit digest {DIGESTS}: failed precondition"

PULLS: list[tuple[str, Fault, Json, tuple[tuple[str, str], ...]]] = [
    ("another digest", faults.WRONG_BYTES, READY, (failed(WRONG),)),
    ("another digest, once", faults.WRONG_BYTES, READY, (failed(WRONG), PULLED)),
    (
        "longer",
        faults.WRONG_LENGTH,
        READY,
        (failed(f"{COMMIT}failed size validation: 10340 != 10240: failed precondition"),),
    ),
    (
        "shorter",
        faults.CUT_SHORT,
        READY,
        (failed("failed to read expected number of bytes: unexpected EOF"),),
    ),
    (
        "a type of no manifest",
        faults.WRONG_TYPE,
        READY,
        (failed(f"unexpected media type text/html for sha256:{'a' * 64}: not found"),),
    ),
    ("never there", faults.NOT_SERVED, READY, (failed(NOT_FOUND),)),
    (
        "a layer is missing",
        faults.NOT_SERVED,
        READY,
        (
            failed(
                "failed to copy: httpReadSeeker: failed open: could not fetch content descriptor"
                f" sha256:{'a' * 64} (application/vnd.oci.image.layer.v1.tar) from remote:"
                " not found"
            ),
        ),
    ),
    ("not there yet", faults.READY_TOO_EARLY, READY, (failed(NOT_FOUND), PULLED)),
    ("not willing yet", faults.READY_TOO_EARLY, READY, (failed(UNAVAILABLE), PULLED)),
    ("never willing", faults.SERVER_ERROR, READY, (failed(UNAVAILABLE),)),
    (
        "a blob that fails",
        faults.SERVER_ERROR,
        READY,
        (
            failed(
                "failed to copy: httpReadSeeker: failed open: unexpected status code"
                f" http://{URL}/blobs/sha256:{'a' * 64}: 500 Internal Server Error"
            ),
        ),
    ),
    (
        "no HTTP",
        faults.NO_HTTP,
        READY,
        (
            failed(
                f'{REQUEST}"http://{URL}/manifests/1": net/http: HTTP/1.x transport connection'
                ' broken: malformed HTTP status code "registry"'
            ),
        ),
    ),
    ("closed", faults.PULL_CLOSED, READY, (failed(f'{REQUEST}"http://{URL}/manifests/1": EOF'),)),
    (
        "closed at TLS",
        faults.NO_FALLBACK,
        READY,
        (failed(f'{REQUEST}"https://{URL}/manifests/1": EOF'),),
    ),
    (
        "words at TLS",
        faults.NO_FALLBACK,
        READY,
        (
            failed(
                f'{REQUEST}"https://{URL}/manifests/1": tls: first record does not look like a TLS'
                " handshake"
            ),
        ),
    ),
    (
        "a runtime that wants TLS",
        faults.TLS_ONLY,
        READY,
        (
            failed(
                f'{REQUEST}"https://{URL}/manifests/1": http: server gave HTTP response to HTTPS'
                " client"
            ),
        ),
    ),
    (
        "a port that leads nowhere",
        faults.NO_PORT,
        READY,
        (failed(f'{REQUEST}"http://{URL}/manifests/1": dial tcp: connect: connection refused'),),
    ),
    ("the node's own store", faults.UNNAMED, READY, (failed("no space left on device"),)),
    (
        "died at the pull's first request",
        faults.DIED_AT_REQUEST,
        ended(139),
        (failed(f'{REQUEST}"http://{URL}/manifests/1": EOF'),),
    ),
    (
        "died before the pull",
        faults.DIED_SERVING,
        ended(1),
        (failed(f'{REQUEST}"http://{URL}/manifests/1": dial tcp: connect: connection refused'),),
    ),
]


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


def test_every_fault_is_met_by_a_row() -> None:
    met = {row[1].id for row in INJECTORS} | {row[1].id for row in PULLS}

    assert met == {fault.id for fault in faults.FAULTS}


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda fault: fault.id)
def test_a_fault_breaks_words_of_the_profile_that_serves_and_the_clusters_none(
    fault: Fault,
) -> None:
    unified = {one.id for one in spec.load().requirements.values() if "unified" in one.profiles}

    assert set(fault.breaks) <= unified
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

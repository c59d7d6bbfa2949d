"""What is seen of an injector's own pod, and the fault that it shows."""

from __future__ import annotations

from injector_conformance.cluster import faults, sight
from injector_conformance.cluster.faults import Fault
from tests.cluster.said import REFUSED, RUNNING, ended, pod, probe, waiting

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

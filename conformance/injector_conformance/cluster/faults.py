"""What can go wrong in a cluster, and whose fault it is: data, each with a *why*.

A fault is the injector's only where nothing else explains what was seen. All else is the
cluster's, or is nobody's that can be named: a judge that is not sure accuses nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Blame(StrEnum):
    """Whose fault it is."""

    INJECTOR = "injector"
    CLUSTER = "cluster"
    """The cluster's, or that of who set it up; nothing is said about the injector."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can go wrong.

    Attributes:
        says: in one sentence, what was wrong and, where the user can help it, what to do.
        breaks: the requirements that it shows to be broken; empty where none can be named.
        why: what makes it this fault, and no other.
    """

    id: str
    blame: Blame
    says: str
    why: str
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that was seen, with the words of Kubernetes or of the log that show it."""

    fault: Fault
    evidence: str

    def __str__(self) -> str:
        return f"{self.fault.says}: {self.evidence}" if self.evidence else self.fault.says


def _injector(name: str, says: str, why: str, *breaks: str) -> Fault:
    return Fault(name, Blame.INJECTOR, says, why, breaks)


def _cluster(name: str, says: str, why: str) -> Fault:
    return Fault(name, Blame.CLUSTER, says, why)


WRONG_ARCHITECTURE: Final = _injector(
    "wrong-architecture",
    "the node cannot execute the injector: it is built for another machine, or is no program",
    "the kernel's ENOEXEC, which runc passes on before the injector's first instruction",
)
NO_LOADER: Final = _injector(
    "no-loader",
    "the image has no loader or interpreter for the injector: it must be static",
    "the program is mounted, so what execve did not find is what the program asks for",
    "BIN-4",
)
OUT_OF_MEMORY: Final = _injector(
    "out-of-memory",
    "the injector took more memory than its pod allows",
    "the kubelet says OOMKilled only of a container that met its own limit",
    "LIFE-10",
)
ENDED: Final = _injector(
    "ended-before-ready",
    "the injector ended without having served, which Zarf takes for a start",
    "kstatus calls a pod current that has succeeded or failed, so nobody else will say it",
    "LIFE-2",
)
DIED_AT_REQUEST: Final = _injector(
    "died-at-request",
    "the injector ended while a request was waiting for its answer",
    "the probe's connection was taken and closed without an answer, and the container has ended",
    "LIFE-3",
)
DIED_SERVING: Final = _injector(
    "died-serving",
    "the injector ended after it was ready",
    "it was seen ready; a pod that is never started again has no second chance",
    "LIFE-3",
)
NEVER_LISTENED: Final = _injector(
    "never-listened",
    "the injector runs, but nothing listens where the probe asks",
    "connection refused, from the pod's own address, to the last probe",
    "LIFE-2",
)
PROBE_REFUSED: Final = _injector(
    "probe-refused",
    "the injector answers GET /v2/ with a status that is not a success",
    "the kubelet takes 200 to 399, and quotes any other status",
    "HTTP-1",
)
PROBE_CLOSED: Final = _injector(
    "probe-closed",
    "the injector takes the probe's connection and closes it without an answer",
    "the connection ended before a status line, and the injector is still running",
    "HTTP-1",
)
READY_TOO_EARLY: Final = _injector(
    "ready-too-early",
    "the injector said it was ready before it served its images",
    "asked for after readiness, an image was refused by an HTTP status, and later pulled",
    "LIFE-1",
)
NOT_SERVED: Final = _injector(
    "not-served",
    "the injector is ready, but does not have what was packed",
    "the runtime quotes 404 as 'not found', of a name or digest that the payload holds",
    "LIFE-1",
)
SERVER_ERROR: Final = _injector(
    "server-error",
    "the injector is ready, but answers a pull by an error of its own",
    "a status of 500 and above, which the runtime quotes",
    "LIFE-1",
)
WRONG_BYTES: Final = _injector(
    "wrong-bytes",
    "the injector answered 200 with other bytes than the digest names",
    "the runtime hashed what came, and quotes both digests",
    "NAMES-11",
)
WRONG_LENGTH: Final = _injector(
    "wrong-length",
    "the injector sent a blob of another length than the manifest says",
    "the runtime counted what came, and quotes both lengths",
    "NAMES-11",
)
CUT_SHORT: Final = _injector(
    "cut-short",
    "the injector sent less of a blob than the manifest says, however often it was asked",
    "it runs, the port is the node's own, and no later attempt succeeded",
    "NAMES-11",
)
WRONG_TYPE: Final = _injector(
    "wrong-type",
    "the injector sent a manifest with a Content-Type that is none of a manifest",
    "the runtime quotes the type; containerd says 'not found' behind it, which it is not",
    "NAMES-5",
)
NO_HTTP: Final = _injector(
    "no-http",
    "the injector answers a pull by bytes that are no HTTP",
    "the runtime could not read the status line",
    "HTTP-2",
)
PULL_CLOSED: Final = _injector(
    "pull-closed",
    "the injector takes the connection of a pull and closes it without an answer",
    "the connection ended before a status line, and the injector is still running and ready",
    "HTTP-2",
)
NO_FALLBACK: Final = _injector(
    "no-fallback",
    "the injector does not tell a runtime that begins with TLS that it speaks plain HTTP",
    "over https the connection ended, or brought bytes that do not begin HTTP/",
    "HTTP-10",
)

OTHER_IMAGE: Final = _injector(
    "other-image",
    "the injector served another image than was packed under that name",
    "the runtime says which digest it pulled, and hashed what it got",
    "NAMES-1",
)
INJECTION_FAILED: Final = _injector(
    "injection-failed",
    "the injector ended with a status that is not 0: nothing is handed over",
    "the payload is sound, the ConfigMaps are mounted, and nobody killed it",
    "RUN-1",
)
NOT_INJECTED_IN_TIME: Final = _injector(
    "not-injected-in-time",
    "the injector was still at work when Zarf gives up",
    "it was started, and has not ended a minute after the pod was made",
    "RUN-2",
)
NOT_EXECUTABLE: Final = _injector(
    "not-executable",
    "the next container cannot execute what the injector should have left",
    "the injector ended with status 0, and the runtime says that execve failed",
    "CTR-4",
)
OTHER_FILES: Final = _injector(
    "other-files",
    "the next container does not find the files that were packed",
    "the program that was packed says the digest of every file, and of its own",
    "CTR-4",
)
DELETED: Final = _cluster(
    "deleted",
    "the pod was deleted while it was needed",
    "it has a deletion timestamp: how it ended says nothing about the injector",
)
EVICTED: Final = _cluster(
    "evicted",
    "the node took the pod away: it is short of something, or was lost",
    "the pod as a whole has a reason, or its container's end is unknown to the node",
)
KILLED: Final = _cluster(
    "killed",
    "the injector was killed from outside",
    "SIGKILL or SIGTERM, and the kubelet does not say that it met a limit of its own",
)
UNSCHEDULED: Final = _cluster(
    "unscheduled",
    "no node takes the pod; make room, or name a node that can",
    "the pod's condition PodScheduled is False",
)
NO_BASE_IMAGE: Final = _cluster(
    "no-base-image",
    "the node cannot get the image that the injector runs in; name another one",
    "it is pulled before the injector exists",
)
PROBE_UNANSWERED: Final = _cluster(
    "probe-unanswered",
    "GET /v2/ is not answered in the probe's second: the injector is slow, or out of reach",
    "the kubelet says the same of a connection that is never made, so nobody is accused",
)
NOT_MOUNTED: Final = _cluster(
    "not-mounted",
    "the node cannot mount the pod's volumes",
    "FailedMount, of a container that does not exist yet",
)
NOT_CREATED: Final = _cluster(
    "not-created",
    "the node cannot create or start the container",
    "the container runtime refused before the injector was executed",
)
NO_PORT: Final = _cluster(
    "no-port",
    "the injector runs, but its port does not lead to it on the node",
    "the node refuses the connection while the pod is ready: Service, hostPort or kube-proxy",
)
TLS_ONLY: Final = _cluster(
    "tls-only",
    "the node's runtime insists on TLS, which no injector speaks; allow plain HTTP on loopback",
    "the runtime read an HTTP answer and would not go on with it",
)
NOT_RUN: Final = _cluster(
    "not-run",
    "the image was pulled, but does not run as it was packed",
    "the runtime hashed what it pulled, so the injector sent what was packed",
)
UNNAMED: Final = _cluster(
    "unnamed",
    "it failed for a reason that is not known here",
    "what cannot be named accuses nobody",
)

FAULTS: Final = tuple(value for value in list(vars().values()) if isinstance(value, Fault))
"""Every fault there is, the injector's first."""

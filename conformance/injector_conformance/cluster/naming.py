"""Name what went wrong with an injector that serves: from its pod, or from a pod that pulls.

The words of containerd and runc are those that they were seen to say (1.6 and 1.1); of a runtime
that says it otherwise the fault is unnamed, and nobody is accused.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from typing import Final

from injector_conformance.cluster import faults
from injector_conformance.cluster.faults import Fault, Finding
from injector_conformance.cluster.golden import Told
from injector_conformance.cluster.sight import Container, Ended, Pod, Waiting

_BASE_IMAGE: Final = frozenset(
    {
        "ErrImageNeverPull",
        "ErrImagePull",
        "ImageInspectError",
        "ImagePullBackOff",
        "InvalidImageName",
        "RegistryUnavailable",
    }
)
_STILL_COMING: Final = frozenset({"ContainerCreating", "PodInitializing"})
_NOT_STARTED: Final = frozenset({"ContainerCannotRun", "StartError"})
_LOST: Final = frozenset({"ContainerStatusUnknown", "Unknown"})
_SIGNALLED: Final = 128
_FROM_OUTSIDE: Final = frozenset({_SIGNALLED + signal.SIGKILL, _SIGNALLED + signal.SIGTERM})

# runc says it in the container's own log, as the only line: the program never ran.
_RUNC: Final = re.compile(
    r"(exec \S+|standard_init_linux\.go:\d+: exec user process caused): (.+)"
)
_ENOEXEC: Final = "exec format error"
_ENOENT: Final = "no such file or directory"

_PROBE: Final = "Readiness probe failed"
_PROBES: Final[tuple[tuple[str, Fault], ...]] = (
    (r"HTTP probe failed with statuscode: \d+", faults.PROBE_REFUSED),
    (r"connection refused", faults.NEVER_LISTENED),
    (r"context deadline exceeded|Client\.Timeout exceeded", faults.PROBE_UNANSWERED),
    (r": EOF$|connection reset by peer|server closed", faults.PROBE_CLOSED),
)

_CLOSED: Final = r"https?://\S+: (EOF|.*connection reset by peer)"

_PULLS: Final[tuple[tuple[str, Fault], ...]] = (
    (r"unexpected commit digest sha256:\w+, expected sha256:\w+", faults.WRONG_BYTES),
    (r"failed size validation: \d+ != \d+", faults.WRONG_LENGTH),
    (r"failed to read expected number of bytes", faults.CUT_SHORT),
    (r"unexpected media type", faults.WRONG_TYPE),
    (r"server gave HTTP response to HTTPS client", faults.TLS_ONLY),
    (r"first record does not look like a TLS handshake", faults.NO_FALLBACK),
    (r"https://\S+: (EOF|.*connection reset by peer)", faults.NO_FALLBACK),
    (r"malformed HTTP", faults.NO_HTTP),
    (r"connection refused", faults.NO_PORT),
    (_CLOSED, faults.PULL_CLOSED),
    (r"status code .*: 5\d\d [A-Z]", faults.SERVER_ERROR),
    (r'failed to resolve reference "[^"]+": \S+: not found', faults.NOT_SERVED),
    (r"could not fetch content descriptor .* from remote: not found", faults.NOT_SERVED),
)
"""A pattern of what containerd says, and the fault; the first that fits: a wrong type is called
'not found', too."""

_TOO_EARLY: Final = frozenset({faults.NOT_SERVED.id, faults.SERVER_ERROR.id})
_WRONG_EVEN_ONCE: Final = frozenset(
    {faults.WRONG_BYTES.id, faults.WRONG_LENGTH.id, faults.WRONG_TYPE.id}
)
"""Faults that no later success takes back: no lost connection explains them."""


def of_injector(
    pod: Pod, container: str, log: str = "", *, was_ready: bool = False
) -> Finding | None:
    """What is wrong with the injector's own pod; None where nothing is, or not yet.

    Args:
        pod: the injector's pod, as it is now.
        container: the injector's container.
        log: what the container wrote.
        was_ready: the pod was seen ready before.
    """
    seen = pod.container(container)
    apart = _beside(pod, seen)
    if apart is not None or seen is None:
        return apart
    if seen.ended is not None:
        return _ended(pod, seen.ended, log, was_ready=was_ready)
    if seen.waiting is not None:
        return _waiting(pod, seen.waiting, log)
    return None if seen.ready else _not_ready(pod)


def of_pull(seed: Pod, injector: Pod, container: str, log: str = "") -> Finding | None:
    """What is wrong with a pod that pulls its image through an injector; None if it was pulled.

    The injector's pod must have been ready before the seed's pod was made, and looked at after it.

    Args:
        seed: the pod whose image is pulled.
        injector: the pod of the injector that it is pulled from.
        container: the injector's container.
        log: what the injector wrote.
    """
    failures = [
        event.message
        for event in seed.events
        if event.reason == "Failed" and event.message.startswith("Failed to pull image")
    ]
    if not failures:
        return None
    gone = of_injector(injector, container, log, was_ready=True)
    if gone is not None:
        waited = any(re.search(_CLOSED, failure) for failure in failures)
        died = gone.fault is faults.DIED_SERVING and waited
        return Finding(faults.DIED_AT_REQUEST, gone.evidence) if died else gone
    return _pulled_at_last(failures) if was_pulled(seed) else _never_pulled(failures)


def of_injection(pod: Pod, container: str, log: str = "") -> Finding | None:
    """What is wrong with an injector that is an init container; None if it ended well, or runs."""
    finding = _beside(pod, pod.container(container))
    seen = pod.container(container)
    if finding is not None or seen is None:
        return finding
    if seen.ended is None:
        return _waiting(pod, seen.waiting, log) if seen.waiting else None
    if seen.ended.status == 0:
        return None
    finding = _ended(pod, seen.ended, log, was_ready=False)
    if finding.fault in {faults.ENDED, faults.DIED_AT_REQUEST}:
        return Finding(faults.INJECTION_FAILED, finding.evidence)
    if finding.fault is faults.OUT_OF_MEMORY:
        return Finding(faults.INJECTION_FAILED, f"out of memory, {finding.evidence}")
    return finding


def of_hand_over(ended: Ended, said: str, told: Sequence[Told]) -> Finding | None:
    """What is wrong with the container that follows an injector; None if it found everything.

    Args:
        ended: how it ended.
        said: what it wrote.
        told: what it should have written.
    """
    if ended.reason in _NOT_STARTED or _RUNC.fullmatch(said.strip()):
        return Finding(faults.NOT_EXECUTABLE, ended.message or said.strip())
    lines = said.splitlines()
    missing = [one for one in told if f"{one.sha256}  {one.path}" not in lines]
    if not missing:
        return None
    found = [line for line in lines if line.endswith(f"  {missing[0].path}")]
    words = f"{missing[0].path}: packed {missing[0].sha256}, found {' '.join(found) or 'nothing'}"
    return Finding(faults.OTHER_FILES, words)


def is_final(finding: Finding) -> bool:
    """Whether no later success of a pull can take it back."""
    return finding.fault.id in _WRONG_EVEN_ONCE or finding.fault in {
        faults.DIED_SERVING,
        faults.DIED_AT_REQUEST,
        faults.DELETED,
        faults.EVICTED,
        faults.KILLED,
        faults.OUT_OF_MEMORY,
    }


def was_pulled(seed: Pod) -> bool:
    """Whether the kubelet says that it pulled the image of a pod."""
    return any(
        event.reason == "Pulled" and event.message.startswith("Successfully pulled")
        for event in seed.events
    )


def _never_pulled(failures: Sequence[str]) -> Finding:
    return Finding(_first(_PULLS, failures[0]) or faults.UNNAMED, failures[0])


def _pulled_at_last(failures: Sequence[str]) -> Finding | None:
    for failure in failures:
        fault = _first(_PULLS, failure)
        if fault is not None and fault.id in _WRONG_EVEN_ONCE:
            return Finding(fault, failure)
        if fault is not None and fault.id in _TOO_EARLY:
            return Finding(faults.READY_TOO_EARLY, failure)
    return None


def _beside(pod: Pod, seen: Container | None) -> Finding | None:
    """What happened to the pod as a whole: it explains all that its container shows."""
    if pod.deleted:
        return Finding(faults.DELETED, "")
    if pod.reason or (seen and seen.ended and seen.ended.reason in _LOST):
        return Finding(faults.EVICTED, _joined(pod.reason, pod.message))
    if pod.unscheduled:
        return Finding(faults.UNSCHEDULED, pod.unscheduled)
    return None


def _ended(pod: Pod, ended: Ended, log: str, *, was_ready: bool) -> Finding:
    unexecuted = _unexecuted(ended.message, log)
    if unexecuted is not None:
        return unexecuted
    if ended.reason in _NOT_STARTED:
        return Finding(faults.NOT_CREATED, _joined(ended.reason, ended.message))
    return Finding(_why_ended(pod, ended, was_ready=was_ready), _how(ended, log))


def _why_ended(pod: Pod, ended: Ended, *, was_ready: bool) -> Fault:
    if ended.reason == "OOMKilled":
        return faults.OUT_OF_MEMORY
    if ended.status in _FROM_OUTSIDE:
        return faults.KILLED
    if was_ready:
        return faults.DIED_SERVING
    closed = any(_first(_PROBES, probe) is faults.PROBE_CLOSED for probe in _probes(pod))
    return faults.DIED_AT_REQUEST if closed else faults.ENDED


def _unexecuted(message: str, log: str) -> Finding | None:
    """Whether execve failed: the runtime says so, or runc does as the whole log."""
    whole = _RUNC.fullmatch(log.strip())
    said = whole[2] if whole else message
    if said.rstrip('"').endswith(_ENOEXEC):
        return Finding(faults.WRONG_ARCHITECTURE, message or log.strip())
    if whole and said == _ENOENT:
        return Finding(faults.NO_LOADER, log.strip())
    return None


def _waiting(pod: Pod, waiting: Waiting, log: str) -> Finding | None:
    if waiting.reason in _BASE_IMAGE:
        return Finding(faults.NO_BASE_IMAGE, _joined(waiting.reason, waiting.message))
    if waiting.reason not in _STILL_COMING:
        unexecuted = _unexecuted(waiting.message, log)
        words = _joined(waiting.reason, waiting.message)
        return unexecuted or Finding(faults.NOT_CREATED, words)
    for event in reversed(pod.events):
        if event.reason == "FailedMount":
            return Finding(faults.NOT_MOUNTED, event.message)
        if event.reason == "FailedCreatePodSandBox":
            return Finding(faults.NOT_CREATED, event.message)
    return None


def _not_ready(pod: Pod) -> Finding | None:
    """By the last probe: what earlier ones met may have been the time that extraction takes."""
    probes = _probes(pod)
    if not probes:
        return None
    return Finding(_first(_PROBES, probes[-1]) or faults.UNNAMED, probes[-1])


def _probes(pod: Pod) -> list[str]:
    return [event.message for event in pod.events if event.message.startswith(_PROBE)]


def _first(table: Sequence[tuple[str, Fault]], words: str) -> Fault | None:
    return next((fault for pattern, fault in table if re.search(pattern, words)), None)


def _how(ended: Ended, log: str) -> str:
    try:
        name = f" ({signal.Signals(ended.status - _SIGNALLED).name})"
    except ValueError:
        name = ""
    lines = log.strip().splitlines()
    last = f", the log ends: {lines[-1]}" if lines else ", the log is empty"
    return f"status {ended.status}{name}{last}"


def _joined(*words: str) -> str:
    return ": ".join(filter(None, words))

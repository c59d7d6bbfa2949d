"""Pods as the kubelet tells of them, and the words that containerd and runc use.

The words of containerd were recorded from containerd 1.6.20 that pulled from servers with one flaw
each, those of runc from runc 1.1.5; the pods around them have the fields that the kubelet writes.
"""

from __future__ import annotations

import json
from typing import Any

from injector_conformance.cluster import sight

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

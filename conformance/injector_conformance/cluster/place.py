"""A namespace of the story's own: everything is in it, and goes with it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from injector_conformance.cluster.errors import ClusterError
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.cluster.steps import Steps
from injector_conformance.host import interruption

PREFIX: Final = "injector-conformance-"
END_SECONDS: Final = 90.0

RESTRICTED: Final[Mapping[str, str]] = {"pod-security.kubernetes.io/enforce": "restricted"}
OPEN: Final[Mapping[str, str]] = {"pod-security.kubernetes.io/enforce": "privileged"}
"""A hostPort is more than ``baseline`` allows."""


@contextmanager
def namespace(kubectl: Kubectl, labels: Mapping[str, str], steps: Steps) -> Iterator[str]:
    """A new namespace, which is deleted with everything in it, whatever happens.

    Raises:
        ClusterError: it cannot be made; or it cannot be deleted, and the message says how to.
    """
    name = PREFIX + secrets.token_hex(4)
    made = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": dict(labels)},
    }
    try:
        # Made or not: an answer that never came does not say.
        kubectl.create([made])
        yield name
    finally:
        with interruption.deferred(), steps.step("clean-up", "everything is deleted"):
            _delete(kubectl, name)


def _delete(kubectl: Kubectl, name: str) -> None:
    words = ("delete", "namespace", name, "--ignore-not-found", "--wait=true")
    try:
        kubectl.run(*words, f"--timeout={END_SECONDS:g}s", seconds=END_SECONDS + 10)
    except ClusterError as error:
        raise ClusterError(
            f"the namespace {name} may be left: kubectl delete namespace {name} ({error})"
        ) from None

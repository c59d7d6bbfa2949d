"""Who a pod runs as: Zarf's own user, or one that the cluster assigns."""

from __future__ import annotations

from typing import Final

from injector_conformance.packing.manifests import Manifest

OPENSHIFT: Final = 1_000_650_000
"""A user as OpenShift assigns one: from a range of the namespace's own."""


def assigned(pod: Manifest, user: int | None) -> Manifest:
    """The pod as a cluster like OpenShift has it run: a high user in group 0, which owns volumes.

    Args:
        pod: with a security context.
        user: None leaves it as it is.
    """
    if user is None:
        return pod
    spec = pod["spec"]
    context = {**spec["securityContext"], "runAsUser": user, "runAsGroup": 0, "fsGroup": user}
    return {**pod, "spec": {**spec, "securityContext": context}}

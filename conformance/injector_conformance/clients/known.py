"""All clients that are known, and those of them that a machine has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from injector_conformance.clients.client import Client
from injector_conformance.clients.containerd import Containerd
from injector_conformance.clients.copiers import COPIERS
from injector_conformance.clients.cri import Cri
from injector_conformance.clients.docker import Docker
from injector_conformance.clients.oci import SUITES
from injector_conformance.clients.podman import Podman

CLIENTS: Final[Sequence[Client]] = (
    Containerd(),
    Cri(),
    Docker(),
    Podman(),
    *COPIERS,
    *SUITES,
)


def find(names: Sequence[str] = ()) -> tuple[list[Client], dict[str, str]]:
    """The clients that are here, and why others are not.

    Args:
        names: which are wanted; none stands for all.
    """
    wanted = [one for one in CLIENTS if not names or one.id in names]
    reasons = {one.id: one.missing() for one in wanted}
    missing = {name: reason for name, reason in reasons.items() if reason is not None}
    return [one for one in wanted if one.id not in missing], missing

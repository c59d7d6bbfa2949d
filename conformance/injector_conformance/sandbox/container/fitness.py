"""Whether a subject, a platform and a daemon go together, before anything is made."""

from __future__ import annotations

import os
import platform as host
from typing import Final

import docker

from injector_conformance.images.emulation import is_native, is_registered
from injector_conformance.images.pins import ARCHITECTURES
from injector_conformance.sandbox import SandboxError
from injector_conformance.subjects.subject import Subject

MACHINES: Final = {f"linux/{word}": machine for machine, word in ARCHITECTURES.items()}
"""Platforms, as container images name them, and their machines."""


def platform_of(machine: str) -> str:
    """The platform for a machine; for an unknown one that of the host."""
    return f"linux/{ARCHITECTURES.get(machine, ARCHITECTURES[host.machine()])}"


def check_platform(subject: Subject, platform: str) -> None:
    """Refuse a platform that is unknown, is not the subject's, or does not run here.

    Raises:
        SandboxError: with what to do about it.
    """
    if platform not in MACHINES:
        raise SandboxError(f"no platform {platform}; there are {', '.join(MACHINES)}")
    machine = MACHINES[platform]
    if subject.machine and subject.machine != machine:
        raise SandboxError(
            f"{subject.command[0]} is built for {subject.machine}, not for platform {platform}"
        )
    if not (is_native(machine) or is_registered(machine)):
        raise SandboxError(
            f"platform {platform} does not run here: make images registers emulation, as root"
        )


def check_access(client: docker.DockerClient) -> None:
    """Files that a container's root makes must be the harness' to read and remove.

    Raises:
        SandboxError: they would not be.
    """
    is_rootless = any("rootless" in one for one in client.info().get("SecurityOptions") or ())
    if os.geteuid() != 0 and not is_rootless:
        raise SandboxError(
            "the container driver needs root, or a rootless daemon: containers leave files of"
            " other users, which have to be read and removed; try sudo"
        )

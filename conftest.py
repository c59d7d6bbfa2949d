"""Prerequisites: what a test needs of the machine beside the virtual environment.

``@pytest.mark.needs("skopeo", "container")`` skips the test where one of them is missing and says
which. ``INJECTOR_REQUIRE`` turns the skip into a failure: it lists names, separated by commas;
``all`` is every name, and ``-name`` takes one away. Continuous integration requires all that it
installs: there no promise goes unchecked in silence.
"""

from __future__ import annotations

import functools
import gc
import os
import platform
import shutil
import signal
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import docker
import docker.errors
import pytest

from cluster_node import NodeError, built, node

PROGRAMS: Final = (
    "actionlint",
    "bash",
    "bsdtar",
    "busybox",
    "chromium",
    "containerd",
    "crane",
    "crictl",
    "ctr",
    "dash",
    "docker",
    "docker-registry",
    "fish",
    "git",
    "gzip",
    "hexdump",
    "make",
    "kubectl",
    "mkfs.ext4",
    "mtree",
    "nginx",
    "oci-conformance",
    "oci-conformance-1.1",
    "oras",
    "podman",
    "qemu-img",
    "regctl",
    "shellcheck",
    "skopeo",
    "tar",
    "wrk",
    "zsh",
)
"""Programs that are prerequisites by their own name."""


def _no_container() -> str | None:
    reason = None
    try:
        client = docker.from_env(timeout=10)
        client.ping()
        client.close()
    except docker.errors.DockerException:
        reason = "no container daemon answers"
    # The client leaves the socket of an attempt that failed to the garbage collector.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    return reason


def _no_arm64() -> str | None:
    if platform.machine() == "aarch64":
        return None
    try:
        entry = Path("/proc/sys/fs/binfmt_misc/qemu-aarch64").read_text(encoding="ascii")
    except OSError:
        return "arm64 programs do not run here: qemu-aarch64 is not registered with binfmt_misc"
    return None if entry.startswith("enabled") else "binfmt_misc has qemu-aarch64 disabled"


def _no_bubblewrap() -> str | None:
    program = shutil.which("bwrap")
    if program is None:
        return "bwrap is not on PATH"
    trial = subprocess.run(
        [program, "--ro-bind", "/", "/", "--unshare-all", "--", "/bin/sh", "-c", ":"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"bwrap does not work here: {trial.stderr.strip()}" if trial.returncode else None


def _no_namespaces() -> str | None:
    """As an ordinary user; root has what an ordinary user has."""
    words = ["unshare", "--user", "--mount", "--map-root-user", "true"]
    trial = subprocess.run(words, capture_output=True, text=True, check=False)
    return f"no namespaces: {trial.stderr.strip()}" if trial.returncode else None


def _no_node() -> str | None:
    """A Kubernetes node can be brought up without building anything first."""
    try:
        node.check()
    except NodeError as error:
        return str(error)
    return None if built.are_there() else "Kubernetes is not built yet: make cluster builds it"


def _no_root() -> str | None:
    return "needs root" if os.geteuid() else None


PREREQUISITES: Final[dict[str, Callable[[], str | None]]] = {
    "arm64": _no_arm64,
    "bubblewrap": _no_bubblewrap,
    "container": _no_container,
    "namespaces": _no_namespaces,
    "node": _no_node,
    "root": _no_root,
}
"""Prerequisites that more than a look at PATH has to find. Each returns what is missing."""


@functools.cache
def missing(prerequisite: str) -> str | None:
    """Why a prerequisite is not met on this machine, or None where it is.

    Raises:
        pytest.UsageError: there is no prerequisite of that name.
    """
    if prerequisite in PREREQUISITES:
        return PREREQUISITES[prerequisite]()
    if prerequisite not in PROGRAMS:
        known = ", ".join(sorted({*PREREQUISITES, *PROGRAMS}))
        raise pytest.UsageError(f"unknown prerequisite {prerequisite!r}; there are: {known}")
    return None if shutil.which(prerequisite) else f"{prerequisite} is not on PATH"


def required() -> frozenset[str]:
    """The prerequisites whose absence is a failure.

    Raises:
        pytest.UsageError: INJECTOR_REQUIRE holds a name that does not exist.
    """
    every = frozenset({*PREREQUISITES, *PROGRAMS})
    names = frozenset(filter(None, os.environ.get("INJECTOR_REQUIRE", "").split(",")))
    without = {name[1:] for name in names if name.startswith("-")}
    wanted = {name for name in names if not name.startswith("-")} - {"all"}
    unknown = (wanted | without) - every
    if unknown:
        raise pytest.UsageError(f"INJECTOR_REQUIRE: unknown {', '.join(sorted(unknown))}")
    return (every if "all" in names else frozenset(wanted)) - without


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "needs(*names): prerequisites, see the root conftest.py")
    required()


def _needs(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers("needs"):
        yield from mark.args


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or where it is required fail, a test whose prerequisites are not met."""
    for name in _needs(item):
        reason = missing(name)
        if reason is not None and name in required():
            pytest.fail(f"{name} is required by INJECTOR_REQUIRE: {reason}", pytrace=False)
        elif reason is not None:
            pytest.skip(reason)


def pytest_sessionstart() -> None:
    """Let programs be interrupted that tests start.

    A shell without job control starts its background jobs with SIGINT ignored, and what is ignored
    is inherited by every program.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

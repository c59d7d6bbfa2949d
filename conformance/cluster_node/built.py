"""The programs of Kubernetes that no package has: built once from Go modules, and kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from cluster_node import NodeError
from cluster_node.places import cache

MODULE: Final = Path(__file__).with_name("go")
VERSION: Final = "1.34.1"
PROGRAMS: Final = ("kube-apiserver", "kube-controller-manager", "kubelet")


def directory() -> Path:
    """Where they are kept: below a name that has the versions of all they are made of."""
    pins = b"".join((MODULE / name).read_bytes() for name in ("go.mod", "go.sum"))
    digest = hashlib.sha256(pins + " ".join(PROGRAMS).encode()).hexdigest()
    return cache() / f"kubernetes-{digest[:12]}"


def are_there() -> bool:
    """Whether nothing needs to be built."""
    return all((directory() / name).is_file() for name in PROGRAMS)


def build() -> None:
    """Build them.

    Raises:
        NodeError: Go is missing, or refuses.
    """
    go = shutil.which("go")
    if go is None:
        raise NodeError("Go 1.24 or newer is needed to build Kubernetes once; install golang")
    kept = directory()
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kubernetes-", dir=kept.parent) as scratch:
        work = Path(scratch)
        flag = f"-X k8s.io/component-base/version.gitVersion=v{VERSION}"
        done = subprocess.run(
            [
                *(go, "build", "-mod=readonly", "-trimpath", "-ldflags", f"-s -w {flag}"),
                *("-o", f"{work}/", *(f"k8s.io/kubernetes/cmd/{name}" for name in PROGRAMS)),
            ],
            cwd=MODULE,
            env={**os.environ, "CGO_ENABLED": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise NodeError(f"Kubernetes cannot be built: {said[0]}")
        kept.mkdir(exist_ok=True)
        for name in PROGRAMS:
            (work / name).replace(kept / name)

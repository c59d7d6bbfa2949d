"""Images out of local stores: what the machine's own programs export, as archives."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from injector_conformance.packing.errors import PackError

_SECONDS: Final = 600
_NAMESPACES: Final = ("k8s.io", "default", "moby")
"""Where containerd keeps images: the kubelet's, ctr's own, Docker's."""


def export(store: str | None, name: str, platform: str | None, target: Path) -> None:
    """Write an image of a local store into an archive.

    Args:
        store: one of :data:`STORES`, or :data:`SKOPEO`; None looks into all that are there.
        name: as the store knows it.
        platform: which one, where the store has several.
        target: the archive, which is not there yet.

    Raises:
        PackError: no store has it, or its program fails.
    """
    chosen = [store] if store else STORES
    there = [one for one in chosen if shutil.which(_PROGRAMS[one])]
    if not there:
        programs = ", ".join(dict.fromkeys(_PROGRAMS[one] for one in chosen))
        raise PackError(f"{name}: no such file, and no local store to look into: no {programs}")
    said: list[str] = []
    for one in there:
        for words in _EXPORTS[one](name, platform, target):
            target.unlink(missing_ok=True)
            done = _run(words)
            if done.returncode == 0 and target.is_file():
                return
            lines = (done.stderr or done.stdout).strip().splitlines()
            said.append(f"{one}: {lines[-1] if lines else f'status {done.returncode}'}")
    tried = "; ".join(dict.fromkeys(said))
    raise PackError(f"{name}: no such file, and no image of a local store ({tried})")


def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(words, 1, "", str(error).splitlines()[0])


def _docker(name: str, _platform: str | None, target: Path) -> Iterator[list[str]]:
    yield ["docker", "save", "--output", str(target), name]


def _podman(name: str, _platform: str | None, target: Path) -> Iterator[list[str]]:
    # Its OCI archives compress layers anew; these do not, and are the same every time.
    yield ["podman", "save", "--format", "docker-archive", "--output", str(target), name]


def _containerd(name: str, platform: str | None, target: Path) -> Iterator[list[str]]:
    which = ["--platform", platform] if platform else []
    for namespace in _NAMESPACES:
        for full in dict.fromkeys((name, _full(name))):
            yield ["ctr", "--namespace", namespace, "images", "export", *which, str(target), full]


def _full(name: str) -> str:
    """What containerd calls an image that Docker calls ``alpine``."""
    host, slash, _ = name.partition("/")
    if slash and any(character in host for character in ".:"):
        return name
    path = name if slash else f"library/{name}"
    return f"docker.io/{path}" if ":" in path or "@" in path else f"docker.io/{path}:latest"


def _skopeo(name: str, platform: str | None, target: Path) -> Iterator[list[str]]:
    system, _, machine = (platform or "").partition("/")
    which = ["--override-os", system, "--override-arch", machine.partition("/")[0]]
    yield ["skopeo", *(which if machine else []), "copy", "--quiet", name, f"oci-archive:{target}"]


SKOPEO: Final = "skopeo"
"""What skopeo names by a transport: ``docker://``, a registry; ``containers-storage:``."""

STORES: Final = ("docker", "podman", "containerd")
"""The stores, in the order in which they are looked into."""

_EXPORTS: Final[Mapping[str, Callable[[str, str | None, Path], Iterator[list[str]]]]] = {
    "docker": _docker,
    "podman": _podman,
    "containerd": _containerd,
    SKOPEO: _skopeo,
}
_PROGRAMS: Final = {"docker": "docker", "podman": "podman", "containerd": "ctr", SKOPEO: "skopeo"}

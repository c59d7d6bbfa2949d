"""Containerd as a kubelet asks it: by CRI, through the program ``crictl``.

The kubelet's way is another one than that of ``ctr``: containerd resolves names by a registry
configuration of its own, and tells itself that a loopback address speaks plain HTTP.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.clients import containerd
from injector_conformance.clients.client import (
    Ability,
    Reference,
    Session,
    absent,
    expect,
    without_root,
)
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import SECONDS, Programs, last_line

_PACKAGE: Final = "the package cri-tools, or Go's sigs.k8s.io/cri-tools/cmd/crictl"
_NAMESPACE: Final = "k8s.io"
_PAUSE: Final = 0.1

_OPT: Final = "io.containerd.internal.v1.opt"
"""A plugin that makes a directory below /opt, and has nothing to do with pulling."""

_CONFIGURATION: Final = """\
[plugins."io.containerd.grpc.v1.cri"]
stream_server_address = "127.0.0.1"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".cni]
conf_dir = "{directory}/cni"
"""


@dataclass(frozen=True, slots=True)
class Cri:
    """The program ``crictl`` and a containerd that nobody else uses, as root."""

    id: str = "containerd-cri"
    abilities: frozenset[Ability] = frozenset({"pull", "resume"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return (
            absent("containerd", "ctr", package=containerd.PACKAGE)
            or absent("crictl", package=_PACKAGE)
            or without_root()
        )

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`; containerd's, which does the work."""
        return containerd.version(programs, home)

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Pulling]:
        """See :class:`Client`."""
        more = _CONFIGURATION.format(directory=directory)
        with containerd.running(programs, directory, (_OPT,), more) as address:
            endpoint = f"unix://{address}"
            words = ("--runtime-endpoint", endpoint, "--image-endpoint", endpoint)
            pulling = _Pulling(
                programs,
                ("crictl", "--timeout", f"{SECONDS:g}s", *words),
                ("ctr", "--address", str(address), "--namespace", _NAMESPACE),
            )
            pulling.wait(directory)
            yield pulling


@dataclass(frozen=True, slots=True)
class _Pulling(Session):
    programs: Programs
    crictl: tuple[str, ...]
    ctr: tuple[str, ...]

    def wait(self, home: Path) -> None:
        """Wait for the service of images, which is there a little later than the daemon.

        Raises:
            PullError: there is none.
        """
        deadline = time.monotonic() + SECONDS
        while (done := self.programs.run(*self.crictl, "images", home=home)).returncode:
            if time.monotonic() > deadline:
                raise PullError(f"containerd answers no CRI: {last_line(done.stderr)}")
            time.sleep(_PAUSE)

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        name = str(reference)
        self._output(*self.crictl, "pull", name, home=home)
        told = self._output(*self.crictl, "inspecti", "--output", "json", name, home=home)
        listed = self._output(*self.ctr, "content", "list", "--quiet", home=home)
        self._output(*self.crictl, "rmi", name, home=home)
        status = json.loads(told).get("status", {})
        digests = [one.rpartition("@")[2] for one in status.get("repoDigests", [])]
        if reference.image.digest not in digests:
            raise PullError(f"the image has another digest: {', '.join(digests) or 'none'}")
        wanted = {f"sha256:{digits}" for digits in reference.image.content}
        expect("blobs", set(listed.split()) & wanted, wanted)

    def _output(self, *words: str, home: Path) -> str:
        return self.programs.output(*words, home=home)

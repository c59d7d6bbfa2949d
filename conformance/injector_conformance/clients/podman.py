"""Podman, with a store of its own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from injector_conformance.clients.client import (
    Ability,
    Reference,
    Session,
    absent,
    expect,
    without_root,
)
from injector_conformance.clients.programs import Programs


@dataclass(frozen=True, slots=True)
class Podman:
    """The program ``podman``, as root."""

    id: str = "podman"
    abilities: frozenset[Ability] = frozenset({"pull", "resume"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return absent("podman", package="the package podman") or without_root()

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`."""
        return programs.output("podman", "--version", home=home).split()[-1]

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Pulling]:
        """See :class:`Client`."""
        # Of the state's path it takes no more than fifty characters.
        with tempfile.TemporaryDirectory(prefix="podman-", ignore_cleanup_errors=True) as state:
            places = ("--root", str(directory / "root"), "--runroot", state, "--tmpdir", state)
            yield _Pulling(programs, ("podman", *places, "--storage-driver", "vfs"))


@dataclass(frozen=True, slots=True)
class _Pulling(Session):
    programs: Programs
    podman: tuple[str, ...]

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        name = str(reference)
        self._output("pull", "--quiet", "--tls-verify=false", name, home=home)
        (told,) = json.loads(self._output("image", "inspect", name, home=home))
        self._output("rmi", "--force", told["Id"], home=home)
        expect("the image", f"sha256:{told['Id']}", reference.image.blobs[0].digest)
        expect("the digest", told["Digest"], reference.image.digest)

    def _output(self, *words: str, home: Path) -> str:
        return self.programs.output(*self.podman, *words, home=home)

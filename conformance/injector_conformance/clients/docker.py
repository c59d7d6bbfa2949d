"""Docker: its daemon pulls, into the store that it has."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.clients.client import Ability, Reference, Session, absent, expect
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import Programs

_ANSWERING: Final = 10.0


def _environment() -> Mapping[str, str]:
    """The user's own settings, which may say where the daemon is."""
    return {"DOCKER_CONFIG": os.environ.get("DOCKER_CONFIG", str(Path.home() / ".docker"))}


@dataclass(frozen=True, slots=True)
class Docker:
    """The daemon that the program ``docker`` reaches. It takes the loopback without TLS."""

    id: str = "docker"
    abilities: frozenset[Ability] = frozenset({"pull", "resume"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        found = absent("docker", package="Docker")
        if found is None:
            try:
                self.version(Programs(_ANSWERING), Path("/"))
            except PullError as error:
                found = f"no daemon answers: {error}"
        return found

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`. It is the daemon's."""
        words = ("docker", "version", "--format", "{{.Server.Version}}")
        return programs.output(*words, home=home, environment=_environment()).strip()

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Pulling]:
        """See :class:`Client`."""
        del directory
        yield _Pulling(programs)


@dataclass(frozen=True, slots=True)
class _Pulling(Session):
    programs: Programs

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        name = str(reference)
        try:
            self._output("pull", "--quiet", name, home=home)
            (told,) = json.loads(self._output("image", "inspect", name, home=home))
        finally:
            words = ("docker", "image", "rm", "--force", name)
            self.programs.clean(*words, home=home, environment=_environment())
        # A store of containerd's calls it by its manifest, docker's own by its configuration.
        image = reference.image
        if told["Id"] != image.digest:
            expect("the image", told["Id"], image.blobs[0].digest)
        digests = {one.rpartition("@")[2] for one in told["RepoDigests"]}
        expect("the digest", digests, {image.digest})

    def _output(self, *words: str, home: Path) -> str:
        return self.programs.output("docker", *words, home=home, environment=_environment())

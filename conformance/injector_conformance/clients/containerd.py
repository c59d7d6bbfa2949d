"""Containerd, by its program ``ctr``: a daemon of our own, for as long as it pulls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.clients.client import (
    Ability,
    Reference,
    Session,
    absent,
    expect,
    without_root,
)
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import SECONDS, Programs, end, last_line, started
from injector_conformance.host import interruption

_PAUSE: Final = 0.1
_PARTING: Final = 10.0

_CONFIGURATION: Final = """\
version = 2
root = "{directory}/root"
state = "{directory}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "{socket}"
"""


@dataclass(frozen=True, slots=True)
class Containerd:
    """The program ``ctr`` and a containerd that nobody else uses, as root."""

    id: str = "containerd"
    abilities: frozenset[Ability] = frozenset({"pull", "resume"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return absent("containerd", "ctr", package="the package containerd") or without_root()

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`."""
        return programs.output("ctr", "--version", home=home).split()[-1]

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Pulling]:
        """See :class:`Client`."""
        address = directory / "socket"
        configuration = directory / "config.toml"
        configuration.write_text(_CONFIGURATION.format(directory=directory, socket=address))
        with (directory / "log").open("w+b") as log:
            with interruption.deferred():
                daemon = started(
                    *("containerd", "--config", str(configuration)),
                    home=directory,
                    stdout=log,
                    stderr=log,
                )
            try:
                ctr = ("ctr", "--address", str(address))
                deadline = time.monotonic() + SECONDS
                while programs.run(*ctr, "version", home=directory).returncode:
                    if daemon.poll() is not None or time.monotonic() > deadline:
                        log.seek(0)
                        raise PullError(
                            f"containerd does not start: {last_line(log.read().decode())}"
                        )
                    time.sleep(_PAUSE)
                yield _Pulling(programs, ctr)
            finally:
                end(daemon, _PARTING)


@dataclass(frozen=True, slots=True)
class _Pulling(Session):
    programs: Programs
    ctr: tuple[str, ...]

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        name = str(reference)
        words = ("images", "pull", "--plain-http", "--snapshotter", "native", name)
        self._output(*words, home=home)
        listed = self._output("images", "list", f"name=={name}", home=home)
        contents = set(self._output("content", "list", "--quiet", home=home).split())
        self._output("images", "remove", "--sync", name, home=home)
        if reference.image.digest not in listed:
            raise PullError(f"the image has another digest: {last_line(listed)}")
        wanted = {f"sha256:{digits}" for digits in reference.image.content}
        expect("blobs", contents & wanted, wanted)

    def _output(self, *words: str, home: Path) -> str:
        return self.programs.output(*self.ctr, *words, home=home)

"""Containerd: a daemon of our own, for as long as it pulls, and its program ``ctr``."""

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

PACKAGE: Final = "the package containerd"

_PAUSE: Final = 0.1
_PARTING: Final = 10.0

_CONFIGURATION: Final = """\
version = 2
root = "{directory}/root"
state = "{directory}/state"
disabled_plugins = [{disabled}]
[grpc]
address = "{socket}"
"""

_CRI: Final = "io.containerd.grpc.v1.cri"


@dataclass(frozen=True, slots=True)
class Containerd:
    """The program ``ctr`` and a containerd that nobody else uses, as root."""

    id: str = "containerd"
    abilities: frozenset[Ability] = frozenset({"pull", "resume"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return absent("containerd", "ctr", package=PACKAGE) or without_root()

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`."""
        return version(programs, home)

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Pulling]:
        """See :class:`Client`."""
        with running(programs, directory, (_CRI,)) as address:
            yield _Pulling(programs, ("ctr", "--address", str(address)))


def version(programs: Programs, home: Path) -> str:
    """Containerd's version, which ``ctr`` has too.

    Raises:
        PullError: it says nothing.
    """
    return programs.output("ctr", "--version", home=home).split()[-1]


@contextmanager
def running(
    programs: Programs, directory: Path, disabled: tuple[str, ...], more: str = ""
) -> Iterator[Path]:
    """Run a containerd that nobody else uses; its socket is given.

    Args:
        programs: that ask whether it is ready.
        directory: an empty one, for all that it keeps.
        disabled: plugins that it does without.
        more: of its configuration.

    Raises:
        PullError: it does not start.
    """
    address = directory / "socket"
    configuration = directory / "config.toml"
    words = ", ".join(f'"{one}"' for one in disabled)
    configuration.write_text(
        _CONFIGURATION.format(directory=directory, socket=address, disabled=words) + more
    )
    with (directory / "log").open("w+b") as log:
        with interruption.deferred():
            daemon = started(
                *("containerd", "--config", str(configuration)),
                home=directory,
                stdout=log,
                stderr=log,
            )
        try:
            ctr = ("ctr", "--address", str(address), "version")
            deadline = time.monotonic() + SECONDS
            while programs.run(*ctr, home=directory).returncode:
                if daemon.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise PullError(f"containerd does not start: {last_line(log.read().decode())}")
                time.sleep(_PAUSE)
            yield address
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

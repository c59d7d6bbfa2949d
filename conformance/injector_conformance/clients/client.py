"""What a client is: a program that pulls by a name, and says which tags a repository has."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import Programs
from injector_fixtures.oci.image import Image

By = Literal["tag", "digest"]

Ability = Literal["pull", "tags", "resume"]


@dataclass(frozen=True, slots=True)
class Reference:
    """An image as a client names it.

    Attributes:
        host: address and port.
        name: ``PATH:TAG``.
        image: what is to be got.
        by: whether it is asked for by its tag or by its digest.
    """

    host: str
    name: str
    image: Image
    by: By = "tag"

    @property
    def path(self) -> str:
        """The repository."""
        return self.name.rpartition(":")[0]

    @property
    def tag(self) -> str:
        """The tag."""
        return self.name.rpartition(":")[2]

    def __str__(self) -> str:
        """As every client writes it."""
        if self.by == "digest":
            return f"{self.host}/{self.path}@{self.image.digest}"
        return f"{self.host}/{self.name}"


class Session(ABC):
    """A client that is ready to pull, by several threads at a time."""

    @abstractmethod
    def pull(self, reference: Reference, home: Path) -> None:
        """Pull an image, compare what came with what it is, and forget it again.

        Args:
            reference: the image.
            home: an empty directory.

        Raises:
            PullError: it did not come, or is another one.
        """

    def tags(self, reference: Reference, home: Path) -> None:
        """List the tags of an image's repository, and see that its own is the only one.

        Raises:
            PullError: the client has got another list or none, or never asks for one.
        """
        del reference, home
        raise PullError("it lists no tags")


class Client(Protocol):
    """A client, whether it is there or not."""

    @property
    def id(self) -> str:
        """For tables and ``--only``."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can do at all."""

    def missing(self) -> str | None:
        """Why it cannot be used on this machine; None if it can."""

    def version(self, programs: Programs, home: Path) -> str:
        """What its program says which version it is.

        Raises:
            PullError: it says nothing.
        """

    def opened(self, programs: Programs, directory: Path) -> AbstractContextManager[Session]:
        """Get ready, in an empty directory; whatever was made outside of it is removed at the end.

        Raises:
            PullError: that cannot be done here.
        """


def absent(*programs: str, package: str) -> str | None:
    """Which programs are not on PATH, and what brings them; None if all are there."""
    missing = [one for one in programs if shutil.which(one) is None]
    return f"{', '.join(missing)} not on PATH; install {package}" if missing else None


def without_root() -> str | None:
    """Why something that only root may do cannot be done."""
    return "needs root, for a store of its own" if os.geteuid() else None


def expect(what: str, found: object, wanted: object) -> None:
    """Compare a part of what came.

    Raises:
        PullError: it is another one.
    """
    if found != wanted:
        raise PullError(f"{what}: got {found}, not {wanted}")

"""What a profile is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from injector_conformance.cases.case import Argument
from injector_fixtures.layout import InitDirectory

PROGRAM: Final = "zarf-injector"
"""The name of the injector in its init directory, as Zarf mounts it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A contract: what the subject is given, and what it means to complete.

    Attributes:
        id: the word in SPEC.md, on the command line and in reports.
        init: the name of the init directory, below the root.
        output: the name of the output directory, below the root.
        unverified: whether the checksum argument may be missing (SUM-4).
        address: the second argument of an ordinary call; empty if there is none.
        environment: names and values of variables that an ordinary call adds.
        serves: whether to complete is to serve (LIFE-1) and not to end with status 0 (RUN-1).
        keeps_modes: whether permission bits are free (EXT-2) and not the profile's own (MODE-1).
        chapters: what SPEC.md holds for this profile alone.
        counterparts: what takes the place of requirements that are not for this profile.
    """

    id: str
    init: str
    output: str
    unverified: bool
    serves: bool
    keeps_modes: bool
    address: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    chapters: tuple[str, ...] = ()
    counterparts: tuple[tuple[str, str], ...] = ()

    @property
    def directory(self) -> str:
        """The subject's working directory."""
        return f"/{self.init}"

    @property
    def program(self) -> str:
        """Where the subject lies if it is a single file."""
        return f"/{self.init}/{PROGRAM}"

    def arguments(
        self, checksum: str | Argument, init: InitDirectory, address: str | None = None
    ) -> tuple[str, ...]:
        """The arguments of a call on an init directory.

        A case that has no argument because it is not about it gets the right one where the
        profile demands one.
        """
        if checksum is Argument.ABSENT or (checksum is Argument.NONE and self.unverified):
            return ()
        word = checksum if isinstance(checksum, str) else init.sha256
        second = self.address if address is None else address
        return (word, second) if second else (word,)

    def promise(self, requirement: str) -> str:
        """The requirement, or what takes its place under this profile."""
        return dict(self.counterparts).get(requirement, requirement)

"""The shape of a container: what of a case's conditions is fixed when the container is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from injector_conformance.cases.case import Conditions
from injector_conformance.profiles import DEFAULT, Profile
from injector_conformance.sandbox.container import launch
from injector_conformance.stages.stage import CANARY, POD_GROUP, POD_USER, Stage

PIDS_LIMIT: Final = 128
LAUNCHER_CAPABILITIES: Final = ["SYS_CHROOT", "SETGID", "SETUID", "KILL"]
"""What the launcher needs to change the root and the user; the subject has none of it left."""

FULL_SIZE: Final = "64k"
LOG_SIZE: Final = "1m"


@dataclass(frozen=True, slots=True)
class Shape:
    """Containers of the same shape can serve the same cases.

    The fields are those of :class:`Conditions`, and the profile, which names the directories.
    """

    user: Literal["root", "pod"]
    root: Literal["writable", "read-only"]
    output: Literal["directory", "read-only", "full"]
    init_read_only: bool
    bare: bool
    memory_limit: int
    image: Literal["", "alpine", "empty"]
    profile: Profile = DEFAULT

    @classmethod
    def of(cls, conditions: Conditions, profile: Profile = DEFAULT) -> Self:
        """The shape that a case needs."""
        return cls(
            user=conditions.user,
            root=conditions.root,
            output=conditions.output,
            init_read_only=conditions.init_read_only,
            bare=conditions.bare,
            memory_limit=conditions.memory_limit,
            image=conditions.image,
            profile=profile,
        )

    @property
    def user_words(self) -> str:
        """User and group as the daemon takes them.

        Changing the root takes root: for a bare root the launcher becomes the pod's user itself.
        """
        if self.bare:
            return "0:0"
        return f"{POD_USER}:{POD_GROUP}" if self.user == "pod" else "0:0"

    def options(self) -> dict[str, Any]:
        """Keyword arguments for making the container."""
        options: dict[str, Any] = {
            "network_mode": "none",
            "read_only": self.root == "read-only",
            "mem_limit": self.memory_limit,
            "memswap_limit": self.memory_limit,
            "pids_limit": PIDS_LIMIT,
            "log_config": {"type": "json-file", "config": {"max-size": LOG_SIZE}},
            "working_dir": self.profile.directory,
        }
        if self.user == "pod":
            options |= {"cap_drop": ["ALL"], "security_opt": ["no-new-privileges"]}
        if self.user == "pod" and self.bare:
            options["cap_add"] = LAUNCHER_CAPABILITIES
        return options

    def mounts(
        self, stage: Stage, launcher: Path, exposed: Sequence[tuple[Path, Path]]
    ) -> list[tuple[str, str, str]]:
        """Bind mounts as (path of the host, path in the container, mode).

        Args:
            stage: whose directories the subject works in.
            launcher: the program.
            exposed: what else the subject sees, as (path of the host, path in the container).
        """
        top = launch.BARE_ROOT if self.bare else ""
        mounts = [(str(launcher), launch.PROGRAM, "ro")]
        if self.bare:
            mounts.append((str(stage.root), top, "ro" if self.root == "read-only" else "rw"))
        else:
            mounts.append((str(stage.root / CANARY), f"/{CANARY}", "rw"))
        init = f"{top}{self.profile.directory}"
        mounts.append((str(stage.init), init, "ro" if self.init_read_only else "rw"))
        if self.output != "full":
            mode = "ro" if self.output == "read-only" else "rw"
            mounts.append((str(stage.output), f"{top}/{self.profile.output}", mode))
        mounts += [(str(source), f"{top}{target}", "ro") for source, target in exposed]
        return mounts

    def tmpfs(self) -> dict[str, str]:
        """Memory file systems as {path in the container: options}."""
        top = launch.BARE_ROOT if self.bare else ""
        output = f"{top}/{self.profile.output}"
        return {output: f"size={FULL_SIZE},mode=755"} if self.output == "full" else {}

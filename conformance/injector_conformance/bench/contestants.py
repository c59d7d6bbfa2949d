"""Who runs: the subject, and what else on this machine could do an injector's work."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from injector_conformance.bench import UsageError
from injector_conformance.bench.prepared import Prepared
from injector_conformance.profiles import STAGE1
from injector_conformance.subject import Subject, SubjectError, resolve

Kind = Literal["subject", "injector", "control", "peer", "floor"]

PLAN: Final = "/zarf-plan.json"
"""Where the floor finds its plan."""

CONTROL: Final = "gnu"
"""The peer to which all others are compared."""

_VERSION_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to inject that can run on this machine.

    Attributes:
        id: for reports and ``--peer``.
        title: for people.
        kind: the subject, another injector, the control, a peer, or the floor.
        subject: its command; the arguments of :meth:`arguments` follow.
        version: what its program says of itself; may be empty.
    """

    id: str
    title: str
    kind: Kind
    subject: Subject
    version: str = ""

    def arguments(self, payload: Prepared) -> tuple[str, ...]:
        """What follows the command's own words."""
        if self.kind == "floor":
            return (PLAN, f"/{STAGE1.output}", payload.sha256)
        return (payload.sha256,)


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer that may or may not be on this machine.

    Attributes:
        id: for reports and ``--peer``.
        title: for people.
        command: its words; ``$1`` or ``argv[1]`` is the checksum.
        needs: programs that must be on PATH; the last one is asked for its version.
    """

    id: str
    title: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    kind: Kind = "peer"


def _shell(script: str, *shell: str) -> tuple[str, ...]:
    return (*(shell or ("/bin/sh",)), "-euc", script, "sh")


_TARFILE: Final = """\
import glob, hashlib, io, os, sys, tarfile
names = sorted(glob.glob("zarf-payload-*"))
payload = b"".join(open(name, "rb").read() for name in names)
if hashlib.sha256(payload).hexdigest() != sys.argv[1]:
    sys.exit(1)
safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
with tarfile.open(fileobj=io.BytesIO(payload), mode="r|gz") as archive:
    archive.extractall("/zarf-stage2", **safely)
for folder, folders, files in os.walk("/zarf-stage2"):
    for name in folders + files:
        os.chmod(os.path.join(folder, name), 0o755)
"""

PEERS: Final = (
    Peer(
        CONTROL,
        "GNU tar",
        _shell(
            'test "$(cat zarf-payload-* | sha256sum)" = "$1  -"\n'
            "cat zarf-payload-* | tar -xz -C /zarf-stage2\n"
            "chmod -R 755 /zarf-stage2\n"
        ),
        needs=("gzip", "sha256sum", "tar"),
        kind="control",
    ),
    Peer(
        "bsdtar",
        "bsdtar",
        _shell(
            'test "$(cat zarf-payload-* | sha256sum)" = "$1  -"\n'
            "cat zarf-payload-* | bsdtar -xzf - -C /zarf-stage2\n"
            "chmod -R 755 /zarf-stage2\n"
        ),
        needs=("sha256sum", "bsdtar"),
    ),
    Peer(
        "busybox",
        "BusyBox",
        _shell(
            'test "$(busybox cat zarf-payload-* | busybox sha256sum)" = "$1  -"\n'
            "busybox cat zarf-payload-* | busybox tar -xz -f - -C /zarf-stage2\n"
            "busybox chmod -R 755 /zarf-stage2\n",
            *("busybox", "sh"),
        ),
        needs=("busybox",),
    ),
    Peer("tarfile", "Python tarfile", (sys.executable, "-P", "-c", _TARFILE)),
    Peer(
        "floor",
        "floor: no tar",
        (sys.executable, "-P", str(Path(__file__).with_name("floor.py"))),
        kind="floor",
    ),
)


def name_of(command: Sequence[str]) -> str:
    """A command for people: the last parts of its paths."""
    return " ".join(os.path.basename(word) or word for word in command)


def subject(command: Sequence[str], expose: Sequence[Path] = ()) -> Contestant:
    """The subject.

    Raises:
        SubjectError: it cannot run here.
    """
    return Contestant("subject", name_of(command), "subject", resolve(command, expose))


def injector(command: Sequence[str], number: int) -> Contestant:
    """Another injector, to run beside the subject.

    Raises:
        SubjectError: it cannot run here.
    """
    return Contestant(f"injector-{number}", name_of(command), "injector", resolve(command))


def find(names: Sequence[str] = ()) -> tuple[list[Contestant], dict[str, str]]:
    """The peers on this machine, and why the others are missing.

    Args:
        names: which peers; none stands for all. The control is always among them.

    Raises:
        UsageError: there is no peer of that name, or no control.
    """
    known = [peer.id for peer in PEERS]
    for name in names:
        if name not in known:
            raise UsageError(f"no peer {name}; there are {', '.join(known)}")
    found: list[Contestant] = []
    missing: dict[str, str] = {}
    for peer in PEERS:
        if names and peer.id not in names and peer.id != CONTROL:
            continue
        absent = [program for program in peer.needs if shutil.which(program) is None]
        if absent:
            missing[peer.id] = f"{', '.join(absent)} not on PATH"
            continue
        try:
            command = resolve(peer.command)
        except SubjectError as error:
            missing[peer.id] = str(error)
            continue
        found.append(Contestant(peer.id, peer.title, peer.kind, command, _version(peer)))
    if CONTROL in missing:
        raise UsageError(f"nothing to compare with: {missing[CONTROL]}; install GNU tar and gzip")
    return found, missing


def _version(peer: Peer) -> str:
    if not peer.needs:
        return ", ".join(_python_facts(peer))
    program = peer.needs[-1]
    words = [program] if program == "busybox" else [program, "--version"]
    try:
        told = subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.partition("\n")[0].strip()


def _python_facts(peer: Peer) -> Iterator[str]:
    yield "Python " + ".".join(map(str, sys.version_info[:3]))
    if peer.kind == "floor":
        yield "zlib-ng" if importlib.util.find_spec("zlib_ng") else "zlib"

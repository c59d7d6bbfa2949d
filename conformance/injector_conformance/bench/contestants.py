"""Who runs: the subject, and what else on this machine could do an injector's work."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from injector_conformance.bench import UsageError
from injector_conformance.bench.prepared import Prepared
from injector_conformance.profiles import STAGE1, Profile
from injector_conformance.subjects.subject import Subject, SubjectError, resolve

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
        asking: words behind it that ask.
        package: what brings the programs, as distributions call it.
    """

    id: str
    title: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    kind: Kind = "peer"
    asking: tuple[str, ...] = ("--version",)
    package: str = ""


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
        package="GNU tar and gzip",
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
        asking=(),
    ),
    Peer("tarfile", "Python tarfile", (sys.executable, "-P", "-c", _TARFILE)),
    Peer(
        "floor",
        "floor: no tar",
        (sys.executable, "-P", str(Path(__file__).with_name("floor.py"))),
        kind="floor",
    ),
)


def essential(everyone: Iterable[Contestant]) -> list[Contestant]:
    """Who is measured along series, which take long: injectors and the control."""
    return [one for one in everyone if one.kind in ("subject", "injector", "control")]


def name_of(command: Sequence[str]) -> str:
    """A command for people: the last parts of its paths."""
    return " ".join(os.path.basename(word) or word for word in command)


def subject(
    command: Sequence[str], expose: Sequence[Path] = (), profile: Profile = STAGE1
) -> Contestant:
    """The subject.

    Raises:
        SubjectError: it cannot run here.
    """
    return Contestant("subject", name_of(command), "subject", resolve(command, expose, profile))


def injector(command: Sequence[str], number: int, profile: Profile = STAGE1) -> Contestant:
    """Another injector, to run beside the subject.

    Raises:
        SubjectError: it cannot run here.
    """
    found = resolve(command, profile=profile)
    return Contestant(f"injector-{number}", name_of(command), "injector", found)


def find(
    names: Sequence[str] = (), peers: Sequence[Peer] = PEERS, profile: Profile = STAGE1
) -> tuple[list[Contestant], dict[str, str]]:
    """The peers on this machine, and why the others are missing.

    Args:
        names: which peers; none stands for all. The control is always among them.
        peers: all that there are for the profile; one of them is the control.
        profile: what they are measured by.

    Raises:
        UsageError: there is no peer of that name, or no control.
    """
    known = [peer.id for peer in peers]
    for name in names:
        if name not in known:
            raise UsageError(f"no peer {name}; there are {', '.join(known)}")
    found: list[Contestant] = []
    missing: dict[str, str] = {}
    for peer in peers:
        if names and peer.id not in names and peer.kind != "control":
            continue
        reason = _absence(peer)
        if reason is None:
            try:
                command = resolve(peer.command, profile=profile)
            except SubjectError as error:
                reason = str(error)
            else:
                version = _version(peer)
                found.append(Contestant(peer.id, peer.title, peer.kind, command, version))
        if reason is not None:
            missing[peer.id] = reason
            if peer.kind == "control":
                raise UsageError(f"nothing to compare with: {reason}")
    return found, missing


def _absence(peer: Peer) -> str | None:
    """Why a peer cannot run; None if all that it needs is there."""
    absent = [program for program in peer.needs if shutil.which(program) is None]
    if not absent:
        return None
    remedy = f"; install {peer.package}" if peer.package else ""
    return f"{', '.join(absent)} not on PATH{remedy}"


def _version(peer: Peer) -> str:
    """The first line of what its program says of itself; empty if it says nothing."""
    if not peer.needs:
        return ", ".join(_python_facts(peer))
    try:
        told = subprocess.run(
            [peer.needs[-1], *peer.asking],
            capture_output=True,
            text=True,
            check=False,
            timeout=_VERSION_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (told.stdout or told.stderr).partition("\n")[0].strip()


def _python_facts(peer: Peer) -> Iterator[str]:
    yield "Python " + ".".join(map(str, sys.version_info[:3]))
    if peer.kind == "floor":
        yield "zlib-ng" if importlib.util.find_spec("zlib_ng") else "zlib"

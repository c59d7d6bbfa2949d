"""What else could join, verify, extract and set modes, and is found on this machine."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.payloads import Prepared


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to inject.

    Attributes:
        name: for reports.
        command: from a payload and an output directory to a command; it runs in the payload's
            directory.
        needs: programs that must be on PATH.
    """

    name: str
    command: Callable[[Prepared, Path], list[str]]
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The programs that are not there."""
        return [program for program in self.needs if shutil.which(program) is None]


def _shell(script: str) -> Callable[[Prepared, Path], list[str]]:
    """A shell pipeline; ``$1`` is the checksum and ``$2`` the output directory."""

    def command(payload: Prepared, output: Path) -> list[str]:
        return ["/bin/sh", "-euc", script, "sh", payload.sha256, str(output)]

    return command


def _python(script: str) -> Callable[[Prepared, Path], list[str]]:
    """A Python program; ``argv[1]`` is the output directory and ``argv[2]`` the checksum."""

    def command(payload: Prepared, output: Path) -> list[str]:
        return [sys.executable, "-P", "-c", script, str(output), payload.sha256]

    return command


REFERENCE: Final = Peer(
    "reference",
    _python(
        "import sys\n"
        "from zarf_injector import command\n"
        "command.OUTPUT_DIRECTORY = sys.argv.pop(1).encode()\n"
        "sys.exit(command.main())\n"
    ),
)
"""The whole command, the interpreter's start included. Only the output directory is another one,
because the contract's exists in a sandbox only."""

GNU: Final = Peer(
    "GNU tar",
    _shell(
        'test "$(cat zarf-payload-* | sha256sum)" = "$1  -"\n'
        'cat zarf-payload-* | tar -xzf - -C "$2"\n'
        'chmod -R 755 "$2"\n'
    ),
    needs=("tar", "gzip", "sha256sum"),
)

BSDTAR: Final = Peer(
    "bsdtar",
    _shell(
        'test "$(cat zarf-payload-* | sha256sum)" = "$1  -"\n'
        'cat zarf-payload-* | bsdtar -xzf - -C "$2"\n'
        'chmod -R 755 "$2"\n'
    ),
    needs=("bsdtar", "sha256sum"),
)

BUSYBOX: Final = Peer(
    "BusyBox",
    _shell(
        'test "$(busybox cat zarf-payload-* | busybox sha256sum)" = "$1  -"\n'
        'busybox cat zarf-payload-* | busybox tar -xzf - -C "$2"\n'
        'busybox chmod -R 755 "$2"\n'
    ),
    needs=("busybox",),
)

TARFILE: Final = Peer(
    "Python tarfile",
    _python(
        "import glob, hashlib, io, os, sys, tarfile\n"
        "output, expected = sys.argv[1:]\n"
        "names = sorted(glob.glob('zarf-payload-*'))\n"
        "payload = b''.join(open(name, 'rb').read() for name in names)\n"
        "if hashlib.sha256(payload).hexdigest() != expected: sys.exit(1)\n"
        "with tarfile.open(fileobj=io.BytesIO(payload), mode='r|gz') as archive:\n"
        "    archive.extractall(output, filter='data')\n"
        "for folder, folders, files in os.walk(output):\n"
        "    for name in folders + files:\n"
        "        os.chmod(os.path.join(folder, name), 0o755)\n"
    ),
)

PEERS: Final = (GNU, BSDTAR, BUSYBOX, TARFILE)

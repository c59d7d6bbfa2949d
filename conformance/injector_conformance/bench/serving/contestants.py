"""Who serves: the subject, and what else on this machine could serve an extracted layout."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.bench import UsageError
from injector_conformance.bench.contestants import Contestant, Kind, name_of
from injector_conformance.bench.serving.layouts import REPOSITORY, TAG
from injector_conformance.profiles import UNIFIED
from injector_conformance.subject import SubjectError, resolve

CONTROL: Final = "nginx"
"""The peer to which all others are compared."""

_VERSION_SECONDS: Final = 10

_EXTRACT: Final = """\
cd /zarf-init
test "$(cat zarf-payload-* | sha256sum)" = "$1  -"
cat zarf-payload-* | tar -xz --no-same-owner --no-same-permissions -C /zarf-seed
cd /zarf-seed
set -- "$2" "$(tr , '\\n' <index.json |
  sed -n 's/.*"digest":"sha256:\\([0-9a-f]*\\)".*/\\1/p' | tail -n 1)"
"""
"""Verify and extract, as an injector has to. What follows finds the address in ``$1`` and the
digits of the last manifest in ``$2``."""

NGINX: Final = (
    _EXTRACT
    + f"""\
mkdir nginx
cat >nginx/conf <<END
daemon off;
worker_processes 1;
pid nginx/pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  client_body_temp_path nginx/body;
  proxy_temp_path nginx/proxy;
  fastcgi_temp_path nginx/fastcgi;
  uwsgi_temp_path nginx/uwsgi;
  scgi_temp_path nginx/scgi;
  default_type application/octet-stream;
  server {{
    listen $1;
    location = /v2/ {{ return 200; }}
    location = /v2/{REPOSITORY}/manifests/{TAG} {{ alias /zarf-seed/blobs/sha256/$2; }}
    location /v2/{REPOSITORY}/manifests/sha256: {{ alias /zarf-seed/blobs/sha256/; }}
    location /v2/{REPOSITORY}/blobs/sha256: {{ alias /zarf-seed/blobs/sha256/; }}
  }}
}}
END
exec nginx -e stderr -p /zarf-seed -c nginx/conf
"""
)
"""One worker, for an injector in its pod has a part of a processor; each path is a file by its
name, without an expression to match."""

DISTRIBUTION: Final = (
    _EXTRACT
    + f"""\
top=/zarf-seed/distribution/docker/registry/v2
at=$top/repositories/{REPOSITORY}
tag=$at/_manifests/tags/{TAG}
cd blobs/sha256
for one in *; do
  part=${{one%"${{one#??}}"}}
  set -- "$@" "$top/blobs/sha256/$part/$one" "$at/_layers/sha256/$one"
done
address=$1 manifest=$2
shift 2
mkdir -p "$@" "$at/_manifests/revisions/sha256/$manifest" "$tag/current" \
  "$tag/index/sha256/$manifest"
for one in *; do
  part=${{one%"${{one#??}}"}}
  ln "$one" "$top/blobs/sha256/$part/$one/data"
  printf %s "sha256:$one" >"$at/_layers/sha256/$one/link"
done
for one in "revisions/sha256/$manifest" tags/{TAG}/current "tags/{TAG}/index/sha256/$manifest"; do
  printf %s "sha256:$manifest" >"$at/_manifests/$one/link"
done
cat >/zarf-seed/distribution/conf <<END
version: 0.1
log: {{accesslog: {{disabled: true}}, level: error}}
storage:
  filesystem: {{rootdirectory: /zarf-seed/distribution}}
  maintenance: {{readonly: {{enabled: true}}, uploadpurging: {{enabled: false}}}}
http: {{addr: "$address", secret: none}}
END
exec docker-registry serve /zarf-seed/distribution/conf
"""
)
"""The storage of docker's registry on a file system: each blob once, and links by name."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that may or may not be on this machine.

    Attributes:
        id: for reports and ``--peer``.
        title: for people.
        script: of a shell; its arguments are the checksum and the address.
        needs: programs that must be on PATH; the last one is asked for its version.
        package: what to install.
        kind: the control, or a peer.
    """

    id: str
    title: str
    script: str
    needs: tuple[str, ...]
    package: str
    kind: Kind = "peer"


_EXTRACTING: Final = ("gzip", "sha256sum", "tar")

PEERS: Final = (
    Peer(CONTROL, "nginx", NGINX, (*_EXTRACTING, "nginx"), "nginx", kind="control"),
    Peer(
        "docker-registry",
        "docker-registry",
        DISTRIBUTION,
        (*_EXTRACTING, "docker-registry"),
        "docker-registry",
    ),
)


def subject(command: Sequence[str], expose: Sequence[Path] = ()) -> Contestant:
    """The subject.

    Raises:
        SubjectError: it cannot run here.
    """
    return Contestant("subject", name_of(command), "subject", resolve(command, expose, UNIFIED))


def injector(command: Sequence[str], number: int) -> Contestant:
    """Another injector, to run beside the subject.

    Raises:
        SubjectError: it cannot run here.
    """
    found = resolve(command, profile=UNIFIED)
    return Contestant(f"injector-{number}", name_of(command), "injector", found)


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
            missing[peer.id] = f"{', '.join(absent)} not on PATH: install {peer.package}"
            continue
        try:
            command = resolve(("/bin/sh", "-euc", peer.script, "sh"), profile=UNIFIED)
        except SubjectError as error:
            missing[peer.id] = str(error)
            continue
        version = _version(peer.needs[-1])
        found.append(Contestant(peer.id, peer.title, peer.kind, command, version))
    if CONTROL in missing:
        raise UsageError(f"nothing to compare with: {missing[CONTROL]}")
    return found, missing


def _version(program: str) -> str:
    """What a program says of itself; empty if it says nothing."""
    words = [program, "-v"] if program == "nginx" else [program, "--version"]
    try:
        told = subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(\.\d+)+\S*", told.stdout + told.stderr)
    return found[0] if found else ""

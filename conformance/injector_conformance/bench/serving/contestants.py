"""Who serves: the subject, and what else on this machine could serve an extracted layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.bench import contestants
from injector_conformance.bench.contestants import Contestant, Peer
from injector_conformance.bench.serving.layouts import REPOSITORY, TAG
from injector_conformance.profiles import UNIFIED

CONTROL: Final = "nginx"
"""The peer to which all others are compared."""

EXTRACT: Final = """\
cd /zarf-init
test "$(cat zarf-payload-* | sha256sum)" = "$1  -"
cat zarf-payload-* | tar -xz --no-same-owner --no-same-permissions -C /zarf-seed
cd /zarf-seed
"""
"""Verify and extract, as an injector has to. The address is in ``$2``."""

_LAST: Final = (
    EXTRACT
    + """\
set -- "$2" "$(tr , '\\n' <index.json |
  sed -n 's/.*"digest":"sha256:\\([0-9a-f]*\\)".*/\\1/p' | tail -n 1)"
"""
)
"""The same; what follows finds the address in ``$1`` and the digits of the last manifest in
``$2``."""

NGINX: Final = (
    _LAST
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

REGISTRY: Final = """\
cat >/zarf-seed/distribution/conf <<END
version: 0.1
log: {accesslog: {disabled: true}, level: error}
storage:
  filesystem: {rootdirectory: /zarf-seed/distribution}
  maintenance: {readonly: {enabled: true}, uploadpurging: {enabled: false}}
http: {addr: "$address", secret: none}
END
exec docker-registry serve /zarf-seed/distribution/conf
"""
"""Serve what lies in the storage of docker's registry."""

DISTRIBUTION: Final = (
    _LAST
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
"""
    + REGISTRY
)
"""The storage of docker's registry on a file system: each blob once, and links by name."""

EXTRACTING: Final = ("gzip", "sha256sum", "tar")
"""Programs that :data:`EXTRACT` needs."""


def shell(script: str) -> tuple[str, ...]:
    """A command whose further words are the checksum and the address."""
    return ("/bin/sh", "-euc", script, "sh")


PEERS: Final = (
    Peer(
        CONTROL,
        "nginx",
        shell(NGINX),
        (*EXTRACTING, "nginx"),
        kind="control",
        asking=("-v",),
        package="nginx",
    ),
    Peer(
        "docker-registry",
        "docker-registry",
        shell(DISTRIBUTION),
        (*EXTRACTING, "docker-registry"),
        package="docker-registry",
    ),
)


def subject(command: Sequence[str], expose: Sequence[Path] = ()) -> Contestant:
    """The subject.

    Raises:
        SubjectError: it cannot run here.
    """
    return contestants.subject(command, expose, UNIFIED)


def injector(command: Sequence[str], number: int) -> Contestant:
    """Another injector, to run beside the subject.

    Raises:
        SubjectError: it cannot run here.
    """
    return contestants.injector(command, number, UNIFIED)


def find(names: Sequence[str] = ()) -> tuple[list[Contestant], dict[str, str]]:
    """The peers on this machine, and why the others are missing.

    Args:
        names: which peers; none stands for all. The control is always among them.

    Raises:
        UsageError: there is no peer of that name, or no control.
    """
    return contestants.find(names, PEERS, UNIFIED)

"""``injector-conformance pack``: make a payload, and the objects that bring it into a cluster."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.cli import numbers
from injector_conformance.packing import files, manifests
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.errors import PackError
from injector_conformance.packing.manifests import Manifest
from injector_conformance.packing.payload import pack
from injector_conformance.packing.unified import manifests as unified
from injector_conformance.packing.unified.images import pack_images
from injector_conformance.packing.unified.stores import STORES
from injector_conformance.profiles import STAGE1, UNIFIED
from injector_conformance.size.budgets import CONFIGMAP_LIMIT
from injector_fixtures.layout import CHUNK_SIZE
from injector_fixtures.oci import layout

WRONG_USAGE: Final = 2

_DESCRIPTION: Final = """\
Pack files, or with --profile unified images, into a payload: DIR/zarf-payload-000 and so on, and
print its SHA-256, the injector's argument. The same input gives the same bytes.

An IMAGE is an archive (of docker save, or OCI's), a directory with an OCI layout, the name of an
image that docker, podman or containerd has, or whatever skopeo names by a transport (docker://...,
containers-storage:...). It is served under its own name, without the host; NAME=IMAGE gives it
another one. Layers and configurations stay byte for byte as they are; so do manifests where there
are any, which there are not in archives of docker save before version 25.

With --manifests also DIR/manifests: a ConfigMap for each chunk, one for the injector if --injector
is given, and what runs it: the pod; with --profile unified a Service and the pod, or with
--mode proxy a DaemonSet. Create them with kubectl create or kubectl apply --server-side: a
client-side apply copies each object into an annotation of 262,144 bytes at most.
"""

_SEED_IMAGE: Final = "library/registry:2.8.1"
_TARGET_IMAGE: Final = "127.0.0.1:31999/library/registry:2.8.1"
_VARIABLES: Final = {"seed-image.tar": "SHA256_IMAGE", "zarf-registry": "SHA256_ZARF"}
"""What the registry program is told of the files."""


_ONLY: Final = {
    "seed_image": STAGE1.id,
    "target_image": STAGE1.id,
    "restricted": STAGE1.id,
    "platform": UNIFIED.id,
    "store": UNIFIED.id,
    "mode": UNIFIED.id,
    "package": UNIFIED.id,
    "node_port": UNIFIED.id,
    "host_port": UNIFIED.id,
    "host_network": UNIFIED.id,
    "ipv6": UNIFIED.id,
}
"""Options that mean nothing in the other profile: there they are a mistake."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "pack",
        help="make a payload from files or images",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sources", nargs="+", metavar="FILE|IMAGE", help="what to pack")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--profile",
        choices=(STAGE1.id, UNIFIED.id),
        default=STAGE1.id,
        help="who is to unpack it (default: %(default)s)",
    )
    parser.add_argument(
        "--chunk-size",
        type=numbers.Whole(1, CONFIGMAP_LIMIT, "a ConfigMap's limit"),
        metavar="BYTES",
        help=f"bytes of a chunk (default: {CHUNK_SIZE:,}, unified {layout.CHUNK_SIZE:,}; at most"
        f" {CONFIGMAP_LIMIT:,})",
    )
    parser.add_argument("--manifests", action="store_true", help="write Kubernetes objects too")
    parser.add_argument(
        "--injector", type=Path, metavar="FILE", help="the injector, for its own ConfigMap"
    )
    parser.add_argument(
        "--image", default="alpine:3.23", help="image of the pod (default: %(default)s)"
    )
    parser.add_argument(
        "--namespace",
        default=manifests.NAMESPACE,
        metavar="NAME",
        help="where the objects are made (default: %(default)s)",
    )
    parser.add_argument(
        "--node-arch",
        metavar="ARCH",
        help="run on nodes of this architecture only: amd64, arm64 (nodeSelector)",
    )
    _add_stage1(parser.add_argument_group("profile stage1"))
    _add_unified(parser.add_argument_group("profile unified"))
    parser.set_defaults(run=run)


def _add_stage1(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--seed-image", metavar="NAME", help=f"the seed image (default: {_SEED_IMAGE})"
    )
    group.add_argument(
        "--target-image",
        metavar="NAME",
        help=f"what the registry serves it as (default: {_TARGET_IMAGE})",
    )
    group.add_argument(
        "--restricted",
        action="store_true",
        default=None,
        help="give the pod the security context of later releases: 1000:2000, read-only root,"
        " nothing that Pod Security restricted forbids",
    )


def _add_unified(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--platform", metavar="OS/ARCH", help="which one of images for several: linux/arm64"
    )
    group.add_argument("--store", choices=STORES, help="the only store to look into")
    group.add_argument(
        "--mode", choices=unified.MODES, help="Service and pod (nodeport), or DaemonSet (proxy)"
    )
    group.add_argument("--package", metavar="NAME", help="label of the objects (default: init)")
    group.add_argument(
        "--node-port", type=numbers.PORT, metavar="PORT", help="of the Service (default: any)"
    )
    group.add_argument(
        "--host-port",
        type=numbers.PORT,
        metavar="PORT",
        help=f"of the DaemonSet (default: {unified.HOST_PORT})",
    )
    group.add_argument(
        "--host-network",
        action="store_true",
        default=None,
        help="let the DaemonSet listen in the node's network",
    )
    group.add_argument(
        "--ipv6", action="store_true", default=None, help="for a cluster without IPv4"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    try:
        _check(arguments)
        if arguments.profile == UNIFIED.id:
            packed, made = _pack_images(arguments)
        else:
            packed, made = _pack_files(arguments)
        if made:
            directory = arguments.output / "manifests"
            written = list(files.write(made, directory))
            print(f"{_count(len(written), 'manifest')} -> {directory}")
    except PackError as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return WRONG_USAGE
    print(f"sha256 {packed.sha256}")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    for option, profile in _ONLY.items():
        if getattr(arguments, option) is not None and arguments.profile != profile:
            word = option.replace("_", "-")
            raise PackError(f"--{word}: means nothing without --profile {profile}")


def _pack_images(arguments: argparse.Namespace) -> tuple[Packed, Sequence[Manifest]]:
    injector = _injector(arguments)
    done = pack_images(
        arguments.sources,
        arguments.output,
        platform=arguments.platform,
        store=arguments.store,
        chunk_size=arguments.chunk_size or layout.CHUNK_SIZE,
    )
    for image in done.images:
        print(f"{image.name}  {image.platform}  {image.size:,} bytes  {image.digest}")
    _tell(done.payload, _count(len(done.images), "image"), arguments.output)
    if not (arguments.manifests or injector):
        return done.payload, []
    settings = unified.Settings(
        image=arguments.image,
        namespace=arguments.namespace,
        package=arguments.package or "init",
        architecture=arguments.node_arch,
        is_ipv6=bool(arguments.ipv6),
        node_port=arguments.node_port,
        host_port=arguments.host_port or unified.HOST_PORT,
        uses_host_network=bool(arguments.host_network),
    )
    return done.payload, [
        *unified.configmaps(done.payload, injector, settings),
        *unified.objects(done.payload, settings, arguments.mode or "nodeport"),
    ]


def _pack_files(arguments: argparse.Namespace) -> tuple[Packed, Sequence[Manifest]]:
    injector = _injector(arguments)
    paths = [Path(source) for source in arguments.sources]
    packed = pack(paths, arguments.output, arguments.chunk_size or CHUNK_SIZE)
    _tell(packed, _count(len(paths), "file"), arguments.output)
    if not (arguments.manifests or injector):
        return packed, []
    seed_image = arguments.seed_image or _SEED_IMAGE
    environment = {
        _VARIABLES[path.name]: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.name in _VARIABLES
    }
    pod = manifests.pod(
        packed,
        image=arguments.image,
        seed_image=seed_image,
        target_image=arguments.target_image or _TARGET_IMAGE,
        environment={**environment, "SEED_IMAGE": seed_image},
        is_restricted=bool(arguments.restricted),
        architecture=arguments.node_arch,
        namespace=arguments.namespace,
    )
    return packed, [*manifests.configmaps(packed, injector, arguments.namespace), pod]


def _tell(packed: Packed, what: str, directory: Path) -> None:
    print(
        f"{_count(len(packed.chunks), 'chunk')}, {packed.size:,} bytes"
        f" from {packed.content:,} in {what} -> {directory}"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _injector(arguments: argparse.Namespace) -> bytes | None:
    """The program, read before anything is written."""
    path: Path | None = arguments.injector
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror}") from error

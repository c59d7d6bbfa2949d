"""``injector-conformance pack``: make a payload from files, and the objects that bring it in."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Final

from injector_conformance.packing import manifests
from injector_conformance.packing.payload import Packed, PackError, pack
from injector_conformance.size.budgets import CONFIGMAP_LIMIT
from injector_fixtures.layout import CHUNK_SIZE

WRONG_USAGE: Final = 2

_DESCRIPTION: Final = """\
Pack files into a payload: DIR/zarf-payload-000 and so on, and print its SHA-256, the injector's
argument. With --manifests also DIR/manifests: a ConfigMap for each chunk, one for the injector if
--injector is given, and the pod. Create them with kubectl create or kubectl apply --server-side:
a client-side apply copies each object into an annotation of 262,144 bytes at most.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "pack",
        help="make a payload from files",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what to pack")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--chunk-size",
        type=_chunk_size,
        default=CHUNK_SIZE,
        metavar="BYTES",
        help=f"bytes of a chunk (default: {CHUNK_SIZE:,}; at most {CONFIGMAP_LIMIT:,})",
    )
    parser.add_argument("--manifests", action="store_true", help="write Kubernetes objects too")
    parser.add_argument(
        "--injector", type=Path, metavar="FILE", help="the injector, for its own ConfigMap"
    )
    parser.add_argument(
        "--image", default="alpine:3.23", help="image of the pod (default: %(default)s)"
    )
    parser.add_argument(
        "--seed-image", default="library/registry:2.8.1", help="reference of the seed image"
    )
    parser.add_argument(
        "--target-image",
        default="127.0.0.1:31999/library/registry:2.8.1",
        help="reference under which the registry serves it",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    try:
        packed = pack(arguments.files, arguments.output, arguments.chunk_size)
        print(
            f"{len(packed.chunks)} chunks, {packed.size:,} bytes from {packed.content:,}"
            f" in {len(arguments.files)} files -> {arguments.output}"
        )
        if arguments.manifests or arguments.injector is not None:
            directory = arguments.output / "manifests"
            written = list(manifests.write(_manifests(packed, arguments), directory))
            print(f"{len(written)} manifests -> {directory}")
    except PackError as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return WRONG_USAGE
    print(f"sha256 {packed.sha256}")
    return 0


def _manifests(packed: Packed, arguments: argparse.Namespace) -> list[manifests.Manifest]:
    made = [
        manifests.configmap(chunk.name, chunk.name, chunk.read_bytes(), manifests.LABELS)
        for chunk in packed.chunks
    ]
    if arguments.injector is not None:
        content = arguments.injector.read_bytes()
        made.append(manifests.configmap(manifests.BINARIES, "zarf-injector", content, {}))
    digests = {path.name: path for path in arguments.files}
    environment = {
        variable: hashlib.sha256(digests[name].read_bytes()).hexdigest()
        for variable, name in (
            ("SHA256_IMAGE", "seed-image.tar"),
            ("SHA256_ZARF", "zarf-registry"),
        )
        if name in digests
    }
    made.append(
        manifests.pod(
            packed,
            image=arguments.image,
            seed_image=arguments.seed_image,
            target_image=arguments.target_image,
            environment={**environment, "SEED_IMAGE": arguments.seed_image},
        )
    )
    return made


def _chunk_size(text: str) -> int:
    value = int(text.replace("_", "").replace(",", ""))
    if not 0 < value <= CONFIGMAP_LIMIT:
        raise argparse.ArgumentTypeError(f"must be 1 to {CONFIGMAP_LIMIT:,}: a ConfigMap's limit")
    return value

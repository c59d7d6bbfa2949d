"""Builds the images of chapter CTR and loads them into the container daemon."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from injector_conformance.images.build import build
from injector_conformance.images.emulation import is_native, register
from injector_conformance.images.errors import ImageError
from injector_conformance.images.pins import ARCHITECTURES, Pin, pins

try:
    from injector_conformance.images.store import connect, load
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"images: {missing.name} is not installed: pip install 'injector-conformance[container]'"
    ) from missing


def main() -> int:
    """Run the command; the exit status is 0 if every image is there afterwards."""
    parser = argparse.ArgumentParser(
        prog="python -m injector_conformance.images", description=__doc__
    )
    parser.add_argument("--platform", help="only this one: linux/amd64 or linux/arm64")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="write archives into DIR instead of loading them",
    )
    parser.add_argument("--no-emulation", action="store_true", help="register no emulator")
    options = parser.parse_args()
    chosen = [pin for pin in pins() if options.platform in (None, pin.platform)]
    if not chosen:
        parser.error(f"there is no image for {options.platform}")
    try:
        for pin in chosen:
            print(f"{pin.tag:<40} {pin.platform:<12} {_provide(pin, options.output)}", flush=True)
        for machine, architecture in ARCHITECTURES.items():
            if options.no_emulation:
                break
            if any(pin.architecture == architecture for pin in chosen) and not is_native(machine):
                done = register(machine)
                print(f"programs for {machine} run emulated: {'registered' if done else 'ready'}")
    except ImageError as error:
        print(f"images: {error}", file=sys.stderr)
        return 1
    return 0


def _provide(pin: Pin, output: Path | None) -> str:
    if output is None:
        with connect() as client:
            return f"{load(client, pin)} {pin.id}"
    output.mkdir(parents=True, exist_ok=True)
    name = pin.tag.rpartition("/")[2].replace(":", "-") + ".tar"
    (output / name).write_bytes(build(pin).content)
    return f"written to {output / name}"


if __name__ == "__main__":
    sys.exit(main())

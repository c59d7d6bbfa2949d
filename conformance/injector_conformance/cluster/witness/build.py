"""Builds the witness for every machine, in place, as the sandboxes' launcher is built."""

from __future__ import annotations

import sys

from injector_conformance.cluster.witness import MACHINES, SOURCE, program
from injector_conformance.sandbox.launcher.build import build


def main() -> int:
    """Build all of them."""
    for architecture, machine in MACHINES.items():
        try:
            build(machine, program(architecture), SOURCE)
        except RuntimeError as error:
            sys.stderr.write(f"build: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

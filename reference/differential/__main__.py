"""Compare the injectors for as long as you like: ``python -m differential --seconds 600``.

All kinds first, then mutated archives, in batches, from the seed on. Payloads that the injectors
read differently are described, and kept with ``--keep DIR``. The status is 1 if there was one.

    python -m differential --native PROGRAM [--rust PROGRAM] [--seconds N] [--seed N] [--keep DIR]

``make native`` builds the native injector, ``python reference/rust/ladder.py --recipe size`` the
one in Rust.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from differential import kinds, mutation
from differential.comparison import LEFT_OPEN, disagreements
from differential.injectors import Injector, Program, Reference
from differential.noise import Noise

BATCH = 250


def main(arguments: list[str] | None = None) -> int:
    """Compare, and report; returns the exit status."""
    parser = argparse.ArgumentParser(description="Compare the injectors on odd archives.")
    parser.add_argument("--native", type=Path, action="append", default=[], metavar="PROGRAM")
    parser.add_argument("--rust", type=Path, metavar="PROGRAM")
    parser.add_argument("--seconds", type=float, default=60, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write odd payloads here")
    options = parser.parse_args(arguments)
    injectors: list[Injector] = [Reference()]
    injectors += [Program(path.name, path) for path in options.native]
    if options.rust:
        injectors.append(Program("rust", options.rust))
    if len(injectors) == 1:
        parser.error("nothing to compare the reference with: give --native or --rust")
    end = time.monotonic() + options.seconds
    batch, seed, count, found = dict(kinds.kinds()), options.seed, 0, 0
    while batch:
        for one in disagreements(injectors, batch):
            if one.name in LEFT_OPEN:
                continue
            found += 1
            sys.stdout.write(f"{one}\n")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                safe = "".join(c if c.isalnum() else "-" for c in one.name)
                (options.keep / f"{safe}.tar.gz").write_bytes(one.payload)
        count += len(batch)
        batch = {}
        if time.monotonic() < end:
            batch = {f"seed {n}": mutation.payload(Noise(n)) for n in range(seed, seed + BATCH)}
            seed += BATCH
    sys.stdout.write(f"{count} payloads, {found} disagreements, next seed {seed}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Fuzz the native parsers: ``make fuzz``, or ``make fuzz ARGS='--minutes 30 --target json'``.

Every parser in turn gets random inputs, and each answer is compared with that of another program
that reads the same: Python's json, h11, zlib, the reference. An input at which a parser dies,
hangs, or reads what the other does not is written to a file, with the line that repeats it. The
status is 1 if there was one.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from native import build
from native.fuzz.judging import failures, made
from native.fuzz.targets import TARGETS, Target
from native.tests.native_programs import EMULATORS, Harness

BATCH: Final = 500
MOST: Final = 20
"""Failures after which a parser is left alone: the first few say what there is to say."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, and report; returns the exit status."""
    options = _parser().parse_args(arguments)
    targets = [one for one in TARGETS if one.name in (options.target or [one.name])]
    if options.input is not None and len(targets) != 1:
        return _refuse("--input needs --target: which parser reads it?")
    needed = ["bwrap"] if any(one.extracts for one in targets) else []
    if options.arch != platform.machine():
        needed.append(EMULATORS[options.arch])
    for program in needed:
        if shutil.which(program) is None:
            return _refuse(
                f"{program} is not installed; on Debian: apt-get install bubblewrap"
                " qemu-user-static"
            )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "harness")
        try:
            source = build.HERE / "harness.zig"
            build.compile_program(source, options.arch, path, build.HERE / ".zig-cache")
        except build.BuildError as error:
            return _refuse(str(error))
        harness = Harness(path, options.arch)
        if options.input is not None:
            return _repeat(harness, targets[0], options.input)
        return _fuzz(harness, targets, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make fuzz", description="Fuzz the native parsers.")
    names = [one.name for one in TARGETS]
    about = "; ".join(f"{one.name}: {one.reads}" for one in TARGETS)
    parser.add_argument("--target", action="append", choices=names, help=f"only this ({about})")
    parser.add_argument("--minutes", type=float, default=2, help="for all (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="to begin with (default: a new one each time)")
    parser.add_argument("--arch", choices=build.ARCHITECTURES, default=platform.machine())
    parser.add_argument("--input", type=Path, metavar="FILE", help="try this one input, and end")
    parser.add_argument(
        "--keep", type=Path, default=Path("build/fuzz"), metavar="DIR",
        help="where failing inputs are written (default: %(default)s)",
    )  # fmt: skip
    return parser


def _refuse(cause: str) -> int:
    sys.stderr.write(f"fuzz: {cause}\n")
    return 2


def _repeat(harness: Harness, target: Target, path: Path) -> int:
    try:
        data = path.read_bytes()
    except OSError as error:
        return _refuse(f"{path}: {error.strerror}")
    found = [complaint for _, complaint in failures(harness, target, [data])]
    sys.stdout.write(f"{target.name} {path}: {found[0] if found else 'nothing is wrong'}\n")
    return 1 if found else 0


def _fuzz(harness: Harness, targets: Sequence[Target], options: argparse.Namespace) -> int:
    seed = secrets.randbelow(1 << 32) if options.seed is None else options.seed
    sys.stdout.write(f"seed {seed}; {', '.join(one.name for one in targets)}\n")
    end = time.monotonic() + options.minutes * 60
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for target in itertools.cycle(targets):
        first = tried[target.name]
        if found[target.name] < MOST:
            inputs = [made(target, seed, number) for number in range(first, first + BATCH)]
            for place, complaint in failures(harness, target, inputs):
                found[target.name] += 1
                _tell(target, f"{seed}-{first + place}", inputs[place], complaint, options.keep)
            tried[target.name] += BATCH
        hopeless = all(found[one.name] >= MOST for one in targets)
        if target is targets[-1] and (hopeless or time.monotonic() >= end):
            break
    for target in targets:
        sys.stdout.write(
            f"{target.name:8} {tried[target.name]:9,} inputs, {found[target.name]} failures\n"
        )
    return 1 if found.total() else 0


def _tell(target: Target, name: str, data: bytes, complaint: str, keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / f"{target.name}-{name}"
    path.write_bytes(data)
    again = f"make fuzz ARGS='--target {target.name} --input {path}'"
    sys.stdout.write(f"{target.name} {name}: {complaint}; again: {again}\n")


if __name__ == "__main__":
    sys.exit(main())

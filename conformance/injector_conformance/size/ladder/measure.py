"""New figures for the rungs that are built here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from injector_conformance.size.ladder.figures import MACHINES, Ladder, LadderError
from injector_conformance.subjects.elf import facts

RUST: Final = {"zarf-injector": "rust-", "zarf-injector-unified": "rust-unified-"}
"""What the rungs of each program's recipes begin with."""

NATIVE: Final = {"zarf-injector": "native", "zarf-injector-unified": "native-unified"}
"""The rung of each program."""


def with_rust(ladder: Ladder, path: Path) -> Ladder:
    """The ladder with the figures that ``reference/rust/ladder.py --json`` wrote.

    Raises:
        LadderError: the file is none of these, or lacks a recipe that is on the ladder.
    """
    try:
        built = json.loads(path.read_bytes())["built"]
        sizes: dict[str, dict[str, int]] = {}
        for one in built:
            rung = RUST[one["program"]] + one["recipe"]
            sizes.setdefault(rung, {})[one["machine"]] = one["bytes"]
        versions = {"rustc": built[0]["rustc"].split()[1], "zig": built[0]["linker"].split()[-1]}
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise LadderError(f"{path}: not figures of reference/rust/ladder.py: {error!r}") from error
    wanted = {rung.id for rung in ladder.rungs if rung.id.startswith("rust-")}
    if sizes.keys() != wanted or any(len(one) != len(MACHINES) for one in sizes.values()):
        raise LadderError(f"{path}: needs every recipe for every machine; build the others too")
    return _with(ladder, sizes, versions)


def with_native(ladder: Ladder, directory: Path) -> Ladder:
    """The ladder with the sizes of the native builds in this directory, each on its machine.

    Raises:
        LadderError: there is not one of each program for every machine.
        SizeError: a file there is no ELF file.
    """
    sizes: dict[str, dict[str, int]] = {}
    for program, rung in NATIVE.items():
        for machine in MACHINES:
            path = directory / f"{program}-{machine}"
            if not path.is_file():
                raise LadderError(f"{path} is missing; build it: make native")
            binary = facts(path)
            sizes.setdefault(rung, {})[binary.machine] = binary.size
    return _with(ladder, sizes, {})


def _with(
    ladder: Ladder, sizes: Mapping[str, Mapping[str, int]], tools: Mapping[str, str]
) -> Ladder:
    rungs = tuple(replace(rung, bytes=sizes.get(rung.id, rung.bytes)) for rung in ladder.rungs)
    return replace(ladder, rungs=rungs, tools={**ladder.tools, **tools})

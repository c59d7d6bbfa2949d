"""Build both Rust injectors by every recipe of the founding note's size ladder.

Builds what this machine's toolchains allow, and says which recipes it could not build and why.
Standard library only, so that it runs before anything is installed.

Needs a Rust toolchain (rustup's stable or nightly, or a distribution's) and, as the linker for
both machines from any host, Zig: ``pip install ziglang``. Rebuilding std needs its sources:
``rustup component add rust-src``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PROGRAMS: Final = ("zarf-injector", "zarf-injector-unified")
"""For profile ``stage1``, and for profile ``unified``."""

ARCHITECTURES: Final = ("x86_64", "aarch64")

TOOLS: Final = ("cargo", "rustc")


@dataclass(frozen=True)
class Recipe:
    """One rung: a cargo profile, what is asked beyond it, and the first rustc that knows it."""

    name: str
    profile: str
    rebuilds_std: bool = False
    rustflags: tuple[str, ...] = ()
    since: tuple[int, int] = (1, 88)


RECIPES: Final = (
    # Cargo asks the linker to strip debug information; Zig's strips the symbols with it.
    Recipe("plain", "release"),
    Recipe("size", "size"),
    Recipe("build-std", "size", rebuilds_std=True),
    Recipe(
        "immediate-abort",
        "size",
        rebuilds_std=True,
        rustflags=("-Zunstable-options", "-Cpanic=immediate-abort"),
        since=(1, 92),
    ),
)


class CannotBuildError(Exception):
    """This machine lacks something; the message says what, and how to get it."""


class BuildFailedError(Exception):
    """cargo failed; the message holds the end of what it said."""


@dataclass(frozen=True)
class Toolchain:
    """A cargo with its rustc. ``sysroot`` is where a prebuilt std and std's sources may lie."""

    cargo: Path
    rustc: Path
    version: str
    sysroot: Path

    @property
    def number(self) -> tuple[int, ...]:
        """Major and minor version of rustc."""
        return tuple(map(int, re.findall(r"\d+", self.version)[:2]))

    def has_prebuilt_std(self, target: str) -> bool:
        """Whether a program for this target can be built without building std."""
        return any((self.sysroot / "lib/rustlib" / target / "lib").glob("libstd-*.rlib"))

    @property
    def has_std_sources(self) -> bool:
        """Whether std can be rebuilt."""
        return (self.sysroot / "lib/rustlib/src/rust/library/std/Cargo.toml").is_file()


@dataclass(frozen=True)
class Platform:
    """What a build is made for and by. ``linker`` takes a C compiler's arguments."""

    target: str
    toolchain: Toolchain
    linker: Path


@dataclass(frozen=True)
class Built:
    """A binary, and how it came about."""

    program: str
    recipe: str
    machine: str
    bytes: int
    sha256: str
    rustc: str
    std: str
    linker: str


def toolchains() -> Iterator[Toolchain]:
    """Every Rust toolchain on this machine: those on PATH, and those of rustup."""
    rustup = shutil.which("rustup")
    found = [[Path(directory, tool) for tool in TOOLS] for directory in os.get_exec_path()]
    if rustup:
        found = [both for both in found if not (both[0].exists() and both[0].samefile(rustup))]
        for name in _output([rustup, "toolchain", "list", "--quiet"]).split():
            which = [rustup, "which", "--toolchain", name]
            found.append([Path(_output([*which, tool]).strip()) for tool in TOOLS])
    for cargo, rustc in found:
        if cargo.is_file() and rustc.is_file():
            version = _output([str(rustc), "--version"]).strip()
            sysroot = _output([str(rustc), "--print", "sysroot"]).strip()
            if version:
                yield Toolchain(cargo, rustc, version, Path(sysroot))


def _output(command: Sequence[str]) -> str:
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout if found.returncode == 0 else ""


def choose(recipe: Recipe, target: str, found: Sequence[Toolchain]) -> Toolchain:
    """The newest toolchain for a recipe, one with a prebuilt std if the recipe uses that.

    Raises:
        CannotBuildError: none will do.
    """
    with_std = [one for one in found if not recipe.rebuilds_std and one.has_prebuilt_std(target)]
    able = with_std or [one for one in found if one.has_std_sources]
    able = [one for one in able if one.number >= recipe.since]
    if not able:
        versions = ", ".join(one.version for one in found) or "no Rust at all: https://rustup.rs"
        wanted = "rustup component add rust-src"
        if not recipe.rebuilds_std:
            wanted = f"rustup target add {target}, or {wanted}"
        since = ".".join(map(str, recipe.since))
        raise CannotBuildError(f"needs rustc {since} with std: {wanted}; there is {versions}")
    return max(able, key=lambda one: one.number)


class Ladder:
    """The builds, with their intermediate results below ``work``."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.toolchains = list(toolchains())
        self.zig = self._zig()

    def _zig(self) -> list[str]:
        for command in ([sys.executable, "-m", "ziglang"], ["zig"]):
            if shutil.which(command[0]) and _output([*command, "version"]):
                return command
        return []

    def build(self, recipe: Recipe, machine: str) -> list[Built]:
        """Build both programs by one recipe for one machine, or raise one of the errors above."""
        target = f"{machine}-unknown-linux-musl"
        toolchain = choose(recipe, target, self.toolchains)
        on = Platform(target, toolchain, self._linker(machine))
        flags = list(recipe.rustflags)
        std = "rebuilt" if recipe.rebuilds_std else "prebuilt"
        if std == "prebuilt" and not toolchain.has_prebuilt_std(target):
            std = "stand-in"
            flags.append(f"--sysroot={self._stand_in(on)}")
        arguments = ["--locked", "--profile", recipe.profile]
        if recipe.rebuilds_std:
            arguments.append("-Zbuild-std=std,panic_abort")
        directory = self.work / recipe.name
        self._cargo(on, HERE, directory, arguments=arguments, flags=flags)
        built = []
        for program in PROGRAMS:
            binary = HERE / "bin" / f"{recipe.name}-{machine}" / program
            binary.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(directory / target / recipe.profile / program, binary)
            content = binary.read_bytes()
            one = Built(
                program=program,
                recipe=recipe.name,
                machine=machine,
                bytes=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                rustc=toolchain.version,
                std=std,
                linker=f"zig cc {_output([*self.zig, 'version']).strip()}",
            )
            built.append(one)
        return built

    def _linker(self, machine: str) -> Path:
        if not self.zig:
            raise CannotBuildError("no linker for musl; pip install ziglang")
        command = shlex.join([*self.zig, "cc", "-target", f"{machine}-linux-musl"])
        return self._script(self.work / f"link-{machine}", f'exec {command} "$@"')

    def _script(self, path: Path, commands: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{commands}\n")
        path.chmod(0o755)
        return path

    def _stand_in(self, on: Platform) -> Path:
        """A std as rustup's prebuilt one is: optimised for speed, with bitcode for LTO."""
        of_version = self.work / "stand-in" / ".".join(map(str, on.toolchain.number))
        sysroot = of_version / on.target
        libraries = sysroot / "lib/rustlib" / on.target / "lib"
        if libraries.is_dir():
            return sysroot
        crate = of_version / "crate"
        (crate / "src").mkdir(parents=True, exist_ok=True)
        (crate / "src/lib.rs").write_text("")
        (crate / "Cargo.toml").write_text(
            '[package]\nname = "stand-in"\nedition = "2021"\n[workspace]\n'
            "[profile.release]\ncodegen-units = 1\n"
        )
        directory = of_version / "target"
        arguments = ["--release", "-Zbuild-std=std,panic_unwind,panic_abort"]
        # Everything unwinds, except the one crate that is there for those who do not.
        wrapper = self._script(
            of_version / "rustc",
            'case " $* " in *" panic_abort "*) exec "$@" -Cpanic=abort;; esac\nexec "$@"',
        )
        arguments += ["--config", f"build.rustc-wrapper='{wrapper}'"]
        self._cargo(on, crate, directory, arguments=arguments, flags=["-Cembed-bitcode=yes"])
        unfinished = libraries.with_suffix(".new")
        unfinished.mkdir(parents=True, exist_ok=True)
        for library in (directory / on.target / "release/deps").glob("*.rlib"):
            shutil.copy2(library, unfinished)
        unfinished.rename(libraries)
        return sysroot

    def _cargo(
        self, on: Platform, crate: Path, directory: Path, *, arguments: list[str], flags: list[str]
    ) -> None:
        variable = f"CARGO_TARGET_{on.target.upper().replace('-', '_')}_LINKER"
        environment = os.environ | {
            "RUSTC": str(on.toolchain.rustc),
            "RUSTC_BOOTSTRAP": "1",  # what nightly allows, on a stable compiler too
            "RUSTFLAGS": " ".join([*flags, "-Clink-self-contained=no"]),  # Zig brings libc
            "CARGO_TARGET_DIR": str(directory),
            "ZIG_GLOBAL_CACHE_DIR": str(self.work / "zig"),
            "ZIG_LOCAL_CACHE_DIR": str(self.work / "zig"),
            variable: str(on.linker),
        }
        command = [str(on.toolchain.cargo), "build", "--target", on.target, *arguments]
        done = subprocess.run(
            command, cwd=crate, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            last = "\n".join(done.stderr.splitlines()[-20:])
            raise BuildFailedError(f"{shlex.join(command)} failed\n{last}")


def main() -> int:
    """Build, print a line for each, and write the JSON if it is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = [recipe.name for recipe in RECIPES]
    parser.add_argument("--recipe", action="append", choices=names, help="only this one")
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES, help="only this one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    parser.add_argument("--work", type=Path, default=HERE / "target/ladder", help="scratch, 3 GB")
    options = parser.parse_args()
    ladder = Ladder(options.work.resolve())
    built: list[Built] = []
    missing: list[dict[str, str]] = []
    failed = False
    for recipe in (one for one in RECIPES if one.name in (options.recipe or names)):
        for machine in options.arch or ARCHITECTURES:
            try:
                both = ladder.build(recipe, machine)
            except (CannotBuildError, BuildFailedError) as error:
                failed = failed or isinstance(error, BuildFailedError)
                missing.append({"recipe": recipe.name, "machine": machine, "why": str(error)})
                said = [f"not built: {error}"]
            else:
                built += both
                said = [
                    f"{one.program:22} {one.bytes:9,} bytes  std {one.std}, {one.rustc}"
                    for one in both
                ]
            for line in said:
                sys.stdout.write(f"{recipe.name:16} {machine:8} {line}\n")
            sys.stdout.flush()
    if options.json:
        figures = {"built": [asdict(one) for one in built], "not_built": missing}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 1 if failed or not built else 0


if __name__ == "__main__":
    sys.exit(main())

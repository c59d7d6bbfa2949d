"""Run-time checks: ``-O small`` drops them, so every function has to ask for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from native import build

SOURCES = sorted((build.HERE / "src").glob("*.zig"))

FUNCTION = re.compile(
    r"^ *(?:pub |export |inline |noinline )*fn (\w+)\([^{]*?\{\n(.*?)^\s*\}$",
    re.MULTILINE | re.DOTALL,
)

# What the compiler checks: arithmetic that may overflow, indices, narrowing, optionals. `+%` and
# its kin wrap on purpose, and `++` joins constants.
CHECKED = re.compile(r"\[[^\]]+\](?!u8|const|u32|\*)|(?<!\+)[+*-]=? |@intCast|\.\?")

# Left out, and why.
UNCHECKED = {
    ("memory.zig", "copyBytes"): "assembly; its callers pass checked slices",
    ("memory.zig", "memset"): "assembly, called by compiled code only",
    ("memory.zig", "strlen"): "runs to the zero byte that its type promises",
    ("memory.zig", "span"): "as strlen",
    ("memory.zig", "base"): "gives back what it is given",
    ("memory.zig", "load"): "its type holds the length",
    ("memory.zig", "store"): "its type holds the length",
    ("sha256.zig", "compressWithExtensions"): "assembly on arrays of fixed length",
    ("sha256.zig", "cpuid"): "assembly",
    ("sha256.zig", "rotate"): "shifts by constants",
    ("runtime.zig", "entry"): "assembly",
    ("runtime.zig", "startAgain"): "assembly",
}


def functions(source: Path) -> dict[str, str]:
    """The bodies of a file's functions by name, without comments, texts and assembly."""
    found: dict[str, str] = {}
    for name, body in FUNCTION.findall(source.read_text()):
        found[name] = re.sub(r"//.*|\"[^\"\n]*\"|^ *\\\\.*$", "", body, flags=re.MULTILINE)
    return found


def unsafe_functions(source: Path) -> list[str]:
    """Functions with something to check that do not ask for checks."""
    return [
        name
        for name, body in functions(source).items()
        if CHECKED.search(body)
        and "@setRuntimeSafety(true);" not in body
        and (source.name, name) not in UNCHECKED
    ]


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
def test_every_function_with_something_to_check_is_checked(source: Path) -> None:
    assert unsafe_functions(source) == []


def test_the_search_finds_a_function_without_checks(tmp_path: Path) -> None:
    source = tmp_path / "sample.zig"
    source.write_text("pub fn sample(at: usize) u8 {\n    return bytes[at + 1];\n}\n")

    assert unsafe_functions(source) == ["sample"]


def test_every_exception_is_needed() -> None:
    named = {(source.name, name) for source in SOURCES for name in functions(source)}

    assert UNCHECKED.keys() <= named


def test_nothing_turns_checks_off() -> None:
    assert not [s.name for s in SOURCES if "@setRuntimeSafety(false)" in s.read_text()]

"""Injectors with one flaw each: the native one, with one place of its source changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).resolve().parents[3]
NATIVE: Final = TOP / "reference" / "native"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One change.

    Attributes:
        file: of the sources.
        before: text that is there once.
        after: what stands there instead.
    """

    file: str
    before: str
    after: str


_RESPOND: Final = "pub noinline fn respond() void {\n    @setRuntimeSafety(true);\n"

DIES_AT_THE_FIRST_REQUEST: Final = Flaw("registry.zig", _RESPOND, _RESPOND + "    sys.exit(3);\n")

READY_TOO_EARLY: Final = Flaw(
    "registry.zig",
    "    const parts = target.parts(path[4..]);\n",
    "    const parts = target.parts(path[4..]);\n"
    "    if (first == 0) first = net.seconds();\n"
    '    if (net.seconds() < first + 6) return fail("503 Service Unavailable", "UNKNOWN");\n',
)
"""It begins to count at the first request for an image, and refuses for six seconds."""

OTHER_BYTES: Final = Flaw(
    "net.zig",
    "    return result(linux.syscall4(.sendfile,",
    "    if (length > 1 << 20 and offset.* == 0) {\n"
    '        const sent = send(to, "X", true);\n'
    "        if (sent == 1) offset.* = 1;\n"
    "        return sent;\n"
    "    }\n"
    "    return result(linux.syscall4(.sendfile,",
)
"""The first byte of each large blob is an X."""

UNCHECKED: Final = Flaw(
    "verify.zig",
    "    if (expected) |wanted| {\n"
    "        if (!memory.startsWith(memory.span(wanted), actual))"
    " report.failDigest(wanted, actual);\n"
    "    }\n",
    "    _ = expected;\n    _ = actual;\n",
)
"""It takes whatever payload it finds."""

WANTS_AN_EMPTY_DIRECTORY: Final = Flaw(
    "previous.zig",
    "            if (sys.unlink(directory, name) >= 0) continue;\n",
    '            if (outermost) @import("report.zig").fail("the output directory is not empty");\n'
    "            if (sys.unlink(directory, name) >= 0) continue;\n",
)
"""It serves once: over what it has left it fails."""


def build(flaw: Flaw, folder: Path) -> Path:
    """Build the injector of profile ``unified`` with a flaw."""
    copy = folder / "native"
    shutil.copytree(NATIVE, copy, ignore=shutil.ignore_patterns("bin", ".zig-cache", "tests"))
    source = copy / "src" / flaw.file
    text = source.read_text()
    assert text.count(flaw.before) == 1, f"{flaw.file} has changed: the flaw has no place"
    text = text.replace(flaw.before, flaw.after)
    if flaw is READY_TOO_EARLY:
        text += "\nvar first: u32 = 0;\n"
    source.write_text(text)
    cache = str(folder / "cache")
    subprocess.run(
        [sys.executable, copy / "build.py", "--arch", "x86_64", "-o", folder, "--cache", cache],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return folder / "zarf-injector-unified-x86_64"

"""What a file is when it is not an ELF file, told by its first bytes."""

from __future__ import annotations

from typing import Final

ELF_MAGIC: Final = b"\x7fELF"

LONGEST_HEADER: Final = 64
HEADER_BYTES: Final = {b"\x01": 52, b"\x02": LONGEST_HEADER}
"""Length of the ELF header by class, the fifth byte (1: 32-bit, 2: 64-bit)."""

BUILD_FOR_LINUX: Final = "build for a Linux target such as x86_64-unknown-linux-musl"

FOREIGN: Final = (
    (b"\xfe\xed\xfa\xce", f"a Mach-O binary, for macOS; {BUILD_FOR_LINUX}"),
    (b"\xfe\xed\xfa\xcf", f"a Mach-O binary, for macOS; {BUILD_FOR_LINUX}"),
    (b"\xce\xfa\xed\xfe", f"a Mach-O binary, for macOS; {BUILD_FOR_LINUX}"),
    (b"\xcf\xfa\xed\xfe", f"a Mach-O binary, for macOS; {BUILD_FOR_LINUX}"),
    (b"\xca\xfe\xba\xbe", f"a Mach-O universal binary or a Java class; {BUILD_FOR_LINUX}"),
    (b"MZ", f"a Windows program; {BUILD_FOR_LINUX}"),
    (b"!<arch>\n", "an archive of object files; name the linked binary"),
    (b"\x1f\x8b", "gzip-compressed; name the binary itself"),
)


class SizeError(Exception):
    """A file that cannot be measured; the message says which, why, and what to do."""


def refusal_of(content: bytes) -> str | None:
    """Why these bytes are no ELF file, or None if they begin like one."""
    if not content:
        return "an empty file; build it again"
    if content.startswith(b"#!"):
        line = content[2:80].partition(b"\n")[0].decode("utf-8", "replace").strip()
        return f"a script, run by {line!r}: no binary to be measured; name a native build"
    for magic, what in FOREIGN:
        if content.startswith(magic):
            return what
    if not content.startswith(ELF_MAGIC):
        return f"not an ELF file: it begins with the bytes {content[:4].hex(' ')}; name a binary"
    if len(content) < HEADER_BYTES.get(content[4:5], LONGEST_HEADER):
        return f"a truncated ELF file: {len(content)} bytes; copy or build it again"
    return None

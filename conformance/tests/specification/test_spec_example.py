"""The worked example of SPEC.md is real: rebuilt from the builders and compared byte for byte."""

from __future__ import annotations

import gzip as standard_gzip
import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from injector_fixtures import gzip, layout, mtree, tar, tree

SPEC = Path(__file__).parents[3] / "reference" / "SPEC.md"
CHUNK_SIZE = 1050
FILES = {
    b"zarf-registry": b'#!/bin/sh\necho "serving $1"\n',
    b"seed-image.tar": b"an image\n",
}
CHUNKS = layout.cut(
    gzip.tgz(*(tar.file(name, data, mode=0o644) for name, data in FILES.items())), CHUNK_SIZE
)
INIT = layout.subpath(CHUNKS)
NAMES = [name.decode() for name in layout.chunk_names(len(CHUNKS))]


def hexdump(data: bytes) -> Iterator[str]:
    """The lines of ``hexdump -C``."""
    previous, starred = None, False
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        if row == previous:
            if not starred:
                yield "*"
            starred = True
            continue
        previous, starred = row, False
        left, right = (" ".join(f"{byte:02x}" for byte in half) for half in (row[:8], row[8:]))
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{start:08x}  {left:<23}  {right:<23}  |{text}|"
    yield f"{len(data):08x}"


def output_of(command: str) -> list[str]:
    """What the commands of the example print, by the tools' own rules."""
    match command.split():
        case ["wc", "-c", "zarf-payload-*"]:
            width = len(str(len(INIT.payload)))
            counts = [
                f"{len(chunk):>{width}} {name}" for name, chunk in zip(NAMES, CHUNKS, strict=True)
            ]
            return [*counts, f"{len(INIT.payload)} total"]
        case ["cat", "zarf-payload-*", "|", "sha256sum"]:
            return [f"{INIT.sha256}  -"]
        case ["hexdump", "-C", name]:
            return list(hexdump(CHUNKS[NAMES.index(name)]))
    raise AssertionError(f"the example runs an unknown command: {command}")


def example() -> str:
    return SPEC.read_text(encoding="utf-8").split("## A worked example\n")[1].split("\n## ")[0]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", example(), re.DOTALL | re.MULTILINE)


def commands() -> list[tuple[str, list[str]]]:
    """Every command that the example shows, with the lines that it shows as output."""
    shown = "".join(blocks("console"))
    return [
        (command, body.splitlines())
        for command, body in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", shown, re.MULTILINE)
    ]


def test_every_chunk_is_dumped() -> None:
    dumped = [command for command, _ in commands() if command.startswith("hexdump")]

    assert dumped == [f"hexdump -C {name}" for name in NAMES]


@pytest.mark.parametrize(("command", "shown"), commands())
def test_shown_output_is_what_comes_out(command: str, shown: list[str]) -> None:
    assert shown == output_of(command)


def test_annotated_bytes_lie_at_their_offsets() -> None:
    """Each table annotates the dump above it."""
    checked = 0
    chunk = b""
    for line in example().splitlines():
        if line.startswith("$ hexdump"):
            chunk = CHUNKS[NAMES.index(line.split()[-1])]
        if row := re.match(r"\| (`[0-9a-f]{3}`(?:, `[0-9a-f]{3}`)*) \| `([^`]+)`", line):
            is_hexadecimal = re.fullmatch(r"[0-9a-f]{2}( [0-9a-f]{2})*", row[2])
            expected = bytes.fromhex(row[2]) if is_hexadecimal else row[2].encode()
            for offset in re.findall(r"[0-9a-f]{3}", row[1]):
                assert chunk[int(offset, 16) :].startswith(expected), line
                checked += 1
    assert checked > len(CHUNKS)


def test_shown_argument_fits_the_payload() -> None:
    assert blocks("sh") == [f"zarf-injector {INIT.sha256}\n"]


def test_shown_tree_is_what_the_archive_holds() -> None:
    """Read by the standard library, which knows nothing of our builders."""
    with tarfile.open(fileobj=io.BytesIO(standard_gzip.decompress(INIT.payload))) as archive:
        held = {
            member.name.encode(): archive.extractfile(member) for member in archive.getmembers()
        }
        contents = {name: file.read() for name, file in held.items() if file is not None}

    assert contents == FILES
    assert blocks("mtree") == [
        mtree.write({name: tree.regular(data) for name, data in contents.items()})
    ]


def test_explained_numbers_are_those_of_the_payload() -> None:
    archive = standard_gzip.decompress(INIT.payload)
    crc = int.from_bytes(INIT.payload[-8:-4], "little")

    assert f"CRC-32 of the {len(archive):,} bytes of the archive: {crc:#010x}" in example()
    assert f"{len(archive):#010x}" in example()

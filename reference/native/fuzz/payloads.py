"""Damaged payloads, and what the Python reference makes of them (TAR)."""

from __future__ import annotations

import gzip
import io
import random
import shutil
import tarfile
from pathlib import Path

from differential import mutation
from differential.noise import Noise
from native.tests import trees
from zarf_injector.errors import InjectorError
from zarf_injector.injection import inject

BLOCK = 512


def flipped_anywhere(rng: random.Random) -> bytes:
    """A payload with one byte changed."""
    payload = bytearray(gzip.compress(trees.archive(rng), mtime=0))
    payload[rng.randrange(len(payload))] ^= rng.randint(1, 255)
    return bytes(payload)


def flipped_in_the_archive(rng: random.Random) -> bytes:
    """A sound gzip stream of an archive with one to three bytes changed.

    Checksums of headers are right, so that damaged fields are believed.
    """
    archive = bytearray(trees.archive(rng))
    for _ in range(rng.randint(1, 3)):
        block = rng.randrange(min(len(archive) // BLOCK, 12)) * BLOCK
        fields = (0, 0, 124, 135, 156, 156, 157, 257, 345, rng.randrange(BLOCK))
        at = block + rng.choice(fields)
        archive[at] = rng.choice((0, 0x20, 0x2F, 0x2E, 0x30, 0x35, 0x80, 0xFF, rng.randrange(256)))
        if b"ustar" in archive[block + 257 : block + 263]:
            archive[block + 148 : block + 156] = b" " * 8
            total = sum(archive[block : block + BLOCK])
            archive[block + 148 : block + 155] = b"%06o\0" % total
    return gzip.compress(bytes(archive), compresslevel=1, mtime=0)


def by_the_reference(payload: bytes, scratch: Path) -> trees.Tree | None:
    """What the Python reference makes of the payload; None if it rejects it."""
    init, output = scratch / "init", scratch / "output"
    init.mkdir(parents=True)
    output.mkdir()
    (init / "zarf-payload-000").write_bytes(payload)
    try:
        inject(bytes(init), bytes(output))
        return trees.extracted(output)
    except (InjectorError, OSError):
        return None
    finally:
        shutil.rmtree(scratch)


def some_archive(rng: random.Random) -> bytes:
    """A payload whose archive is damaged in any of these ways."""
    kind = rng.randrange(3)
    if kind == 0:
        return flipped_anywhere(rng)
    return flipped_in_the_archive(rng) if kind == 1 else mutation.payload(Noise(rng.random()))


KEYS = (
    *(b"path", b"path", b"linkpath", b"size", b"size", b"mtime", b"comment", b"hdrcharset", b""),
    *(b"GNU.sparse.major", b"GNU.sparse.name", b"SCHILY.xattr.user.a", b"Path", b"pathx"),
)
VALUES = (
    *(b"a", b"d/b", b"d/", b"", b"../x", b"/x", b"f", b"a\0b", b"a\nb", b"x" * 255, b"\xff"),
    *(b"0", b"3", b"007", b"512", b"-1", b"+3", b"3.0", b"9" * 19, b"9" * 20, b"0" * 300 + b"3"),
    *(b"d/" * 2_000 + b"a", b"d/" * 2_048, b"a=b", b"7 path=z\n"),
)


def record(rng: random.Random) -> bytes:
    """A record of an extended header, whose length may be wrong."""
    text = b" " + rng.choice(KEYS) + b"=" + rng.choice(VALUES) + b"\n"
    length = len(text) + 1
    while len(b"%d" % length) + len(text) != length:
        length += 1
    if rng.random() < 0.8:
        return b"%d" % length + text
    wrong = (length - 1, length + 1, 0, 1, 10**20, -length)
    number = rng.choice((b"%d" % rng.choice(wrong), b"0%d" % (length + 1), b"", b" %d" % length))
    return number + (text if rng.random() < 0.8 else text.replace(b"=", b"").rstrip(b"\n"))


def some_records(rng: random.Random) -> bytes:
    """A payload of a few members with extended headers before them."""
    archive = io.BytesIO()
    for number in range(rng.randint(1, 3)):
        for _ in range(rng.randrange(3)):
            records = b"".join(record(rng) for _ in range(rng.randrange(4)))
            if rng.random() < 0.1 and records:
                at = rng.randrange(len(records))
                records = records[:at] + rng.randbytes(1) + records[at + 1 :]
            _add(archive, "PaxHeader", rng.choice((b"x", b"x", b"x", b"g")), records)
        kind = rng.choice((tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE))
        _add(archive, f"f{number}", kind, b"abc" if kind == tarfile.REGTYPE else b"")
    return gzip.compress(archive.getvalue() + bytes(2 * BLOCK), compresslevel=1, mtime=0)


def _add(archive: io.BytesIO, name: str, kind: bytes, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.size = kind, len(data)
    member.linkname = "f0" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
    archive.write(member.tobuf(tarfile.USTAR_FORMAT))
    archive.write(data + bytes(-len(data) % BLOCK))

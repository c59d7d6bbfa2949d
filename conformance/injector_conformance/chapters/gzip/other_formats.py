"""Payloads that are not gzip (GZ-8)."""

from __future__ import annotations

import base64
import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Argument, Case
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL
from injector_conformance.chapters.recipes import FAILS, Recipe, made
from injector_fixtures import gzip
from injector_fixtures.deflate import stored_stream
from injector_fixtures.layout import subpath

_GUESSED: Final = "a format that is guessed is a decoder more that an attacker can choose"
_RFC: Final = "RFC 1952, section 2.3.1: ID1 and ID2"
_DETECT: Final = "CPython's tarfile and bsdtar detect it by themselves"
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)


def _case(
    identity: str,
    title: str,
    init: Recipe,
    *,
    why: str = _GUESSED,
    origin: str = _RFC,
    others: str = "",
    argument: Argument = Argument.MATCHING,
) -> Case:
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-8",),
        init=init,
        expect=FAILS,
        argument=argument,
        control=CONTROL,
        others=others,
    )


def _not_gzip(
    identity: str,
    title: str,
    build: Callable[[], bytes],
    *,
    why: str = _GUESSED,
    origin: str = _RFC,
    others: str = "",
) -> Case:
    return _case(f"not-gzip-{identity}", title, made(build), why=why, origin=origin, others=others)


def _zip() -> bytes:
    """The archive as the only entry of a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("payload.tar", _FIXED_TIME), ARCHIVE)
    return file.getvalue()


def _zstd() -> bytes:
    """The archive in one raw block of one frame (RFC 8878, section 3.1.1)."""
    single_segment_with_four_byte_size = 0b1010_0000
    header = bytes([single_segment_with_four_byte_size]) + len(ARCHIVE).to_bytes(4, "little")
    last_raw_block = (len(ARCHIVE) << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd" + header + last_raw_block + ARCHIVE


def _lz4() -> bytes:
    """The archive in one uncompressed block of one frame, without checksums."""
    header = b"\x60\x40\x82"
    block = (len(ARCHIVE) | 1 << 31).to_bytes(4, "little") + ARCHIVE
    return b"\x04\x22\x4d\x18" + header + block + bytes(4)


_FORMATS: Final = (
    _not_gzip(
        "tar",
        "the archive, not compressed at all",
        lambda: ARCHIVE,
        origin="catalogue Z21",
        others=_DETECT,
    ),
    _not_gzip(
        "xz",
        "the archive in xz",
        lambda: lzma.compress(ARCHIVE),
        origin="catalogue Z32",
        others=_DETECT,
    ),
    _not_gzip(
        "bzip2",
        "the archive in bzip2",
        lambda: bz2.compress(ARCHIVE),
        origin="catalogue Z33",
        others=_DETECT,
    ),
    _not_gzip(
        "zstd", "the archive in Zstandard", _zstd, origin="RFC 8878", others="bsdtar detects it"
    ),
    _not_gzip(
        "lz4", "the archive in LZ4", _lz4, origin="LZ4 frame format", others="bsdtar detects it"
    ),
    _not_gzip(
        "lzma",
        "the archive in lzma, the format before xz",
        lambda: lzma.compress(ARCHIVE, lzma.FORMAT_ALONE),
        origin="lzma(1)",
        others="bsdtar detects it",
    ),
    _not_gzip(
        "zip",
        "the archive in zip",
        _zip,
        origin="PKWARE APPNOTE",
        others="bsdtar detects it; GNU gzip decodes a first entry",
    ),
    _not_gzip(
        "zlib",
        "the same DEFLATE data in zlib's format",
        lambda: zlib.compress(ARCHIVE),
        why="zlib detects both formats when it is asked to, with one wrong number",
        origin="RFC 1950",
    ),
    _not_gzip(
        "raw-deflate",
        "the same DEFLATE data without any format",
        lambda: stored_stream(ARCHIVE),
        origin="RFC 1951",
    ),
)

_NEAR: Final = (
    _not_gzip(
        "text",
        "a page of text",
        lambda: b"<html>the page was not found</html>\n" * 40,
        origin="a proxy's answer",
    ),
    _not_gzip(
        "zeros",
        "10 KiB of zeros",
        lambda: bytes(10_240),
        why="zeros pass for padding, or for an empty archive",
    ),
    _not_gzip(
        "byte-before",
        "gzip behind a single zero byte",
        lambda: b"\0" + gzip.member(ARCHIVE),
        why="a reader that looks for the magic finds what others do not see",
    ),
    _not_gzip(
        "newline-before",
        "gzip behind a newline",
        lambda: b"\n" + gzip.member(ARCHIVE),
        why="a reader that looks for the magic finds what others do not see",
    ),
    _not_gzip(
        "base64",
        "gzip in base64, as ConfigMaps hold it",
        lambda: base64.b64encode(gzip.member(ARCHIVE)),
        why="a tool that leaves out the last step of decoding must not be helped",
        origin="Kubernetes, ConfigMap binaryData",
    ),
    _case(
        "not-gzip-empty-chunk",
        "a single chunk without content",
        lambda: subpath([b""]),
        why="no bytes at all are taken for an empty archive",
        origin="catalogue K04, K06",
    ),
    _case(
        "not-gzip-empty-chunk-without-argument",
        "a single chunk without content, and no checksum",
        lambda: subpath([b""]),
        why="no bytes at all are taken for an empty archive",
        origin="catalogue K04, K06",
        argument=Argument.NONE,
    ),
    _case(
        "not-gzip-empty-chunks",
        "three chunks without content, and no checksum",
        lambda: subpath([b"", b"", b""]),
        why="no bytes at all are taken for an empty archive",
        origin="catalogue K04, K06",
        argument=Argument.NONE,
    ),
)

CASES: Final = (*_FORMATS, *_NEAR)

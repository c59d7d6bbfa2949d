"""What an injector does, in one function."""

import os
from collections.abc import Callable

from zarf_injector import checksum, confinement, extraction, gzip_stream, modes, payload
from zarf_injector.read_ahead import ReadAhead
from zarf_injector.tar import members
from zarf_injector.tar.stream import Stream


def _silently(line: str) -> None:
    """Report to nobody."""


def inject(
    init_directory: str | bytes,
    output_directory: str | bytes,
    sha256: str | None = None,
    progress: Callable[[str], None] = _silently,
) -> None:
    """Join the chunks, verify them, decompress them, extract the archive, and set modes.

    Memory stays below a few MiB whatever the payload's size (RUN-10a): the chunks are read twice,
    once to be hashed and once to be extracted, and never held. While this runs, the umask of the
    process is zero.

    Args:
        init_directory: where the chunks are; only read (PAY-8).
        output_directory: an existing directory that receives the tree.
        sha256: 64 hexadecimal digits that the payload must match (SUM-1); None extracts it
            unverified (SUM-4).
        progress: called with one printable line for each chunk and for each entry.

    Raises:
        InjectorError: with the requirement that was broken. If this happened before or during
            verification, the output directory is as it was (SUM-2, SUM-3, PAY-5, PAY-6);
            afterwards it may hold a part of the tree.
    """
    expected = None if sha256 is None else checksum.parse(sha256)
    chunks = payload.find(os.fsencode(init_directory))
    actual = checksum.digest(payload.first_reading(chunks, progress))
    if expected is not None:
        checksum.verify(expected, actual)

    root = os.fsencode(output_directory)
    blocks = gzip_stream.decompress(payload.second_reading(chunks))
    with (
        modes.umask_lifted(),
        confinement.OutputDirectory(root) as output,
        ReadAhead(blocks) as blocks_ahead,
    ):
        archive = Stream(blocks_ahead)
        for member in members.read(archive):
            extraction.extract(member, archive.pieces(member.size), output)
            extraction.report(member, root, progress)
        archive.drain()
        modes.settle_root(output.descriptor)

"""Chunks that are no files, and more of them than descriptors, on a real file system."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from zarf_injector import errors, payload


def read(directory: Path) -> bytes:
    chunks = payload.find(os.fsencode(directory))
    lines: list[str] = []
    joined = b"".join(payload.first_reading(chunks, lines.append))
    assert len(lines) == len(chunks)
    return joined


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "zarf-payload-000")

    with pytest.raises(errors.UnreadableChunkError, match="not a regular file"):
        read(tmp_path)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The name of a socket is limited to 108 bytes, which a temporary directory may exceed.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("zarf-payload-000")

        with pytest.raises(errors.UnreadableChunkError):
            read(tmp_path)


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/zarf-payload-\xff")).write_bytes(b"a")

    assert read(tmp_path) == b"a"


@pytest.fixture
def few_descriptors() -> Iterator[int]:
    """A limit on open files, lower than the number of chunks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    yield 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_chunks_than_descriptors(tmp_path: Path, few_descriptors: int) -> None:
    count = 2 * few_descriptors
    for number in range(count):
        (tmp_path / f"zarf-payload-{number:04}").write_bytes(b"%04d" % number)

    assert read(tmp_path) == b"".join(b"%04d" % number for number in range(count))


def test_reading_leaves_no_descriptor_open(tmp_path: Path) -> None:
    (tmp_path / "zarf-payload-0").write_bytes(b"a")
    (tmp_path / "zarf-payload-1").mkdir()
    before = os.listdir("/proc/self/fd")

    with pytest.raises(errors.UnreadableChunkError):
        read(tmp_path)

    assert os.listdir("/proc/self/fd") == before


class TestReadingAgain:
    """The fake file system changes a file's times when it is read; here they must be true."""

    @pytest.fixture
    def chunks(self, tmp_path: Path) -> list[payload.Chunk]:
        (tmp_path / "zarf-payload-000").write_bytes(b"abc")
        found = payload.find(os.fsencode(tmp_path))
        lines: list[str] = []
        assert b"".join(payload.first_reading(found, lines.append)) == b"abc"
        return found

    def test_yields_the_same_bytes(self, chunks: list[payload.Chunk]) -> None:
        assert b"".join(payload.second_reading(chunks)) == b"abc"

    def test_refuses_a_file_that_was_replaced(
        self, chunks: list[payload.Chunk], tmp_path: Path
    ) -> None:
        (tmp_path / "new").write_bytes(b"xyz")
        (tmp_path / "new").rename(tmp_path / "zarf-payload-000")

        with pytest.raises(errors.ChangedChunkError, match="zarf-payload-000"):
            list(payload.second_reading(chunks))

    def test_refuses_a_file_that_was_rewritten(
        self, chunks: list[payload.Chunk], tmp_path: Path
    ) -> None:
        (tmp_path / "zarf-payload-000").write_bytes(b"xyz")
        os.utime(tmp_path / "zarf-payload-000", ns=(1, 1))

        with pytest.raises(errors.ChangedChunkError):
            list(payload.second_reading(chunks))

    def test_refuses_a_file_that_grows_meanwhile(
        self, chunks: list[payload.Chunk], tmp_path: Path
    ) -> None:
        blocks = payload.second_reading(chunks)
        assert next(blocks) == b"abc"
        with (tmp_path / "zarf-payload-000").open("ab") as file:
            file.write(b"def")

        with pytest.raises(errors.ChangedChunkError):
            list(blocks)

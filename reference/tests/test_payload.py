"""Finding the chunks and reading them, on a fake file system where names are what matters."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from pyfakefs.fake_filesystem import FakeFilesystem

from zarf_injector import errors, payload

INIT = b"/zarf-stage1"


@pytest.fixture(autouse=True)
def names_as_bytes(fs: FakeFilesystem, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake file system answers in text even when it is asked in bytes."""
    assert fs.is_linux
    as_text = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: [os.fsencode(name) for name in as_text(path)])


def names(chunks: list[payload.Chunk]) -> list[bytes]:
    return [chunk.name for chunk in chunks]


def silently(line: str) -> None:
    assert "\n" not in line


def joined(directory: bytes = INIT, progress: Callable[[str], None] = silently) -> bytes:
    return b"".join(payload.first_reading(payload.find(directory), progress))


class TestWhatIsAChunk:
    @pytest.mark.parametrize(
        "name", [b"zarf-payload-000", b"zarf-payload-", b"zarf-payload-0.bak"]
    )
    def test_the_prefix_decides(self, name: bytes) -> None:
        assert payload.is_chunk(name)

    def test_the_rest_need_not_be_text(self) -> None:
        assert payload.is_chunk(b"zarf-payload-\xff\n")

    @pytest.mark.parametrize(
        "name",
        [b"zarf-payload", b"Zarf-Payload-0", b".zarf-payload-0", b"xzarf-payload-0", b"README"],
    )
    def test_nothing_else_does(self, name: bytes) -> None:
        assert not payload.is_chunk(name)


class TestOrder:
    def test_is_by_bytes_and_not_by_number(self) -> None:
        assert payload.order([b"-101", b"-1000", b"-100"]) == [b"-100", b"-1000", b"-101"]

    def test_is_by_unsigned_bytes(self) -> None:
        assert payload.order([b"\xff", b"a", b"Z", b"~"]) == [b"Z", b"a", b"~", b"\xff"]


class TestFinding:
    def test_chunks_among_other_things(self, fs: FakeFilesystem) -> None:
        for name in ("zarf-payload-001", "zarf-payload-000", "zarf-injector", "zarf-payload"):
            fs.create_file(f"/zarf-stage1/{name}")
        fs.create_file("/zarf-stage1/more/zarf-payload-002")

        assert names(payload.find(INIT)) == [b"zarf-payload-000", b"zarf-payload-001"]

    def test_nothing(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/zarf-injector")

        with pytest.raises(errors.NoChunkError, match="/zarf-stage1"):
            payload.find(INIT)

    @pytest.mark.usefixtures("fs")
    def test_no_directory(self) -> None:
        with pytest.raises(errors.UnreadableChunkError, match="/zarf-stage1"):
            payload.find(INIT)


class TestReading:
    def test_joins_the_bytes_and_announces_the_names(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/zarf-payload-001", contents="c")
        fs.create_file("/zarf-stage1/zarf-payload-000", contents="ab")
        lines: list[str] = []

        assert joined(progress=lines.append) == b"abc"
        assert lines == ["Processing zarf-payload-000", "Processing zarf-payload-001"]

    def test_passes_over_an_empty_chunk(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/zarf-payload-000", contents="a")
        fs.create_file("/zarf-stage1/zarf-payload-001")
        fs.create_file("/zarf-stage1/zarf-payload-002", contents="b")

        assert joined() == b"ab"

    def test_yields_blocks_of_bounded_size(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/zarf-payload-0", contents="x" * (payload.BLOCK_SIZE + 1))

        blocks = payload.first_reading(payload.find(INIT), silently)

        assert [len(block) for block in blocks] == [payload.BLOCK_SIZE, 1]

    def test_follows_the_links_of_a_volume(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/..2022/zarf-payload-000", contents="a")
        fs.create_symlink("/zarf-stage1/..data", "..2022")
        fs.create_symlink("/zarf-stage1/zarf-payload-000", "..data/zarf-payload-000")

        assert joined() == b"a"

    def test_shows_names_on_one_line(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/zarf-payload-\n\x1b")
        lines: list[str] = []

        joined(progress=lines.append)

        assert lines == [r"Processing zarf-payload-\n\x1b"]


class TestWhatCannotBeRead:
    def test_a_directory(self, fs: FakeFilesystem) -> None:
        fs.create_dir("/zarf-stage1/zarf-payload-x")

        with pytest.raises(errors.UnreadableChunkError, match="zarf-payload-x"):
            joined()

    def test_a_link_to_nowhere(self, fs: FakeFilesystem) -> None:
        fs.create_symlink("/zarf-stage1/zarf-payload-x", "missing")

        with pytest.raises(errors.UnreadableChunkError, match="zarf-payload-x"):
            joined()

    def test_a_file_that_may_not_be_opened(self, fs: FakeFilesystem) -> None:
        fs.create_file("/zarf-stage1/zarf-payload-x")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", refuse)
            with pytest.raises(errors.UnreadableChunkError, match="Permission denied"):
                joined()


def refuse(*_: object, **__: object) -> int:
    raise PermissionError(13, "Permission denied")

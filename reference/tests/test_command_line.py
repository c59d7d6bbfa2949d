"""The command, as a process of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_fixtures import gzip, layout, tar
from tests.injector_stage import Stage
from zarf_injector import command
from zarf_injector.display import printable, quoted

ARCHIVE = gzip.tgz(*(tar.file(b"%04d" % number, b"content") for number in range(300)))
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()

START = "import sys; from zarf_injector import command; \
command.OUTPUT_DIRECTORY = sys.argv.pop(1).encode(); sys.exit(command.main())"
"""The command with another output directory: only a sandbox can offer the real one."""


def run(
    stage: Stage, *arguments: str, before: Callable[[], None] | None = None, **streams: int
) -> subprocess.CompletedProcess[str]:
    layout.subpath(layout.cut(ARCHIVE, 5000)).write(stage.init)
    return subprocess.run(
        [sys.executable, "-P", "-c", START, str(stage.output), *arguments],
        cwd=stage.init,
        stdin=subprocess.DEVNULL,
        stdout=streams.get("stdout", subprocess.PIPE),
        stderr=streams.get("stderr", subprocess.PIPE),
        text=True,
        preexec_fn=before,
        check=False,
    )


class TestStatus:
    def test_is_0_if_everything_was_done(self, stage: Stage) -> None:
        done = run(stage, SHA256)

        assert (done.returncode, done.stderr) == (0, "")
        assert len(stage.tree()) == 300
        assert done.stdout.splitlines()[0] == "Processing zarf-payload-000"
        assert done.stdout.splitlines()[-1] == f"chmod 755 {stage.output}/0299"

    def test_is_0_without_a_checksum(self, stage: Stage) -> None:
        assert run(stage).returncode == 0

    def test_does_not_depend_on_further_arguments(self, stage: Stage) -> None:
        assert run(stage, SHA256, "x", "--help").returncode == 0

    def test_is_1_after_one_line_that_names_the_cause(self, stage: Stage) -> None:
        done = run(stage, "0" * 64)

        assert done.returncode == 1
        assert done.stderr == (
            f"zarf-injector: SUM-2: the payload's SHA-256 is {SHA256}, expected {'0' * 64}\n"
        )
        assert stage.tree() == {}

    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_is_0_after_help(self, stage: Stage, option: str) -> None:
        done = run(stage, option)

        assert (done.returncode, done.stdout) == (0, command.USAGE)
        assert stage.tree() == {}

    def test_is_1_when_the_system_refuses(self, stage: Stage) -> None:
        stage.output.rmdir()

        done = run(stage, SHA256)

        assert done.returncode == 1
        assert done.stderr.startswith("zarf-injector: RUN-8: cannot open the output directory")


class TestStandardStreams:
    @pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
    def test_may_be_closed(self, stage: Stage, closed: tuple[int, ...]) -> None:
        def close() -> None:
            for descriptor in closed:
                os.close(descriptor)

        done = run(stage, SHA256, before=close)

        assert done.returncode == 0
        assert set(stage.tree().values()) == {b"content"}

    @pytest.mark.parametrize("argument", [SHA256, "0" * 64])
    def test_may_be_full(self, stage: Stage, argument: str) -> None:
        full = os.open("/dev/full", os.O_WRONLY)

        done = run(stage, argument, stdout=full, stderr=full)

        os.close(full)
        assert done.returncode == (0 if argument == SHA256 else 1)
        assert len(stage.tree()) == (300 if argument == SHA256 else 0)

    def test_may_be_a_pipe_without_a_reader(self, stage: Stage) -> None:
        reading, writing = os.pipe()
        os.close(reading)

        done = run(stage, SHA256, stdout=writing, stderr=writing)

        os.close(writing)
        assert done.returncode == 0
        assert len(stage.tree()) == 300


def test_the_module_can_be_run(tmp_path: Path) -> None:
    """And does not take files of the init directory for modules."""
    (tmp_path / "hashlib.py").write_text("raise SystemExit('a payload file was imported')")

    done = subprocess.run(
        [sys.executable, "-m", "zarf_injector", "short"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "zarf-injector: SUM-3: the checksum must be 64 hexadecimal digits, not 'short'\n"
    )


class TestNames:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            (b"plain name", "plain name"),
            ("ü".encode(), "ü"),
            (b"\xff", r"\xff"),
            (b"a\nb\x1b[31m", r"a\nb\x1b[31m"),
            ("\u202e\u2028".encode(), r"\u202e\u2028"),
        ],
    )
    def test_are_shown_on_one_line(self, name: bytes, shown: str) -> None:
        assert printable(name) == shown
        assert quoted(name) == f"'{shown}'"

    def test_are_cut_in_messages(self) -> None:
        assert len(quoted(b"n" * 10_000)) < 250

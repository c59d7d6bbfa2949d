"""The system calls that the injector needs: those that README.md names, and no other."""

from __future__ import annotations

import errno
import gzip
import io
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

from native import build
from native.tests import filters, trees
from native.tests.native_programs import emulator, sandboxed

LINK = b"hard"


def payload() -> bytes:
    """An archive with a member of every kind, and names that exist already."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, kind, target in [
            ("d", tarfile.DIRTYPE, ""),
            ("d/f", tarfile.REGTYPE, ""),
            ("hard", tarfile.LNKTYPE, "d/f"),
            ("hard", tarfile.LNKTYPE, "d/f"),
            ("soft", tarfile.SYMTYPE, "d/f"),
            ("soft", tarfile.SYMTYPE, "d"),
        ]:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            tar.addfile(member)
    return gzip.compress(stream.getvalue())


@pytest.mark.parametrize("refusal", filters.REFUSALS, ids=errno.errorcode.get)
def test_younger_calls_are_not_needed(
    tmp_path: Path, program: Path, architecture: str, refusal: int
) -> None:
    if emulator(architecture) is not None:
        pytest.skip("under emulation the calls are the emulator's")
    for name in ("zarf-stage1", "zarf-stage2"):
        (tmp_path / name).mkdir()
    (tmp_path / "zarf-stage1/zarf-payload-000").write_bytes(payload())
    reading, writing = os.pipe()
    os.write(writing, filters.only(refusal))
    os.close(writing)

    command = sandboxed(tmp_path, program, architecture, ["--seccomp", str(reading)])
    run = subprocess.run(command, capture_output=True, check=False, pass_fds=[reading])
    os.close(reading)

    assert (run.returncode, run.stderr) == (0, b"")
    assert sorted(trees.extracted(tmp_path / "zarf-stage2")) == [b"d", b"d/f", LINK, b"soft"]


def test_the_calls_of_the_sources_are_those_of_the_filter() -> None:
    made = set(re.findall(r"syscall\d\(\.(\w+)", (build.HERE / "src/sys.zig").read_text()))

    for _, calls in filters.CALLS.values():
        assert made | {"execve"} == set(calls)


def test_no_other_source_makes_a_call() -> None:
    places = {"sys.zig", "net.zig"}
    others = [path for path in (build.HERE / "src").glob("*.zig") if path.name not in places]

    assert others
    assert [path.name for path in others if "syscall" in path.read_text()] == []

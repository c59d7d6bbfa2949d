"""The whole program, as a container runtime starts it. The conformance suite asks much more."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from native.tests import trees
from native.tests.native_programs import emulator, sandboxed

MEBIBYTE = 1024 * 1024
KIBIBYTE = 1024


def payload_of(files: Mapping[str, bytes]) -> bytes:
    """A gzip-compressed archive of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), compresslevel=1, mtime=0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root directory with an empty init and output directory."""
    for name in ("zarf-stage1", "zarf-stage2"):
        (tmp_path / name).mkdir()
    return tmp_path


def put(root: Path, payload: bytes, chunk: int) -> None:
    """Cut the payload into chunks of ``chunk`` bytes in the init directory."""
    for number, start in enumerate(range(0, len(payload), chunk)):
        path = root / "zarf-stage1" / f"zarf-payload-{number:03d}"
        path.write_bytes(payload[start : start + chunk])


def started(
    root: Path, program: Path, architecture: str, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the injector to its end."""
    command = [*sandboxed(root, program, architecture), *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


class TestInjector:
    def test_extracts_a_verified_payload(
        self, root: Path, program: Path, architecture: str
    ) -> None:
        payload = payload_of({"zarf-registry": b"#!", "a/b/seed-image.tar": b"seed"})
        put(root, payload, 100)

        run = started(root, program, architecture, hashlib.sha256(payload).hexdigest(), "more")

        assert (run.returncode, run.stderr) == (0, b"")
        assert trees.extracted(root / "zarf-stage2") == {
            b"zarf-registry": ("file", 0o755, b"#!"),
            b"a": ("directory", 0o755, b""),
            b"a/b": ("directory", 0o755, b""),
            b"a/b/seed-image.tar": ("file", 0o755, b"seed"),
        }
        lines = run.stdout.splitlines()
        chunks = -(-len(payload) // 100)
        assert lines[:chunks] == [b"Processing zarf-payload-%03d" % n for n in range(chunks)]
        assert lines[chunks] == b"chmod 755 /zarf-stage2/zarf-registry"
        assert lines[-1] == b"chmod 755 /zarf-stage2/a/b/seed-image.tar"

    def test_a_mismatch_names_both_digests_and_leaves_nothing(
        self, root: Path, program: Path, architecture: str
    ) -> None:
        payload = payload_of({"f": b"data"})
        put(root, payload, 1000)

        run = started(root, program, architecture, "0" * 64)

        actual = hashlib.sha256(payload).hexdigest()
        message = f"zarf-injector: SHA-256 mismatch: expected {'0' * 64}, actual {actual}\n"
        assert (run.returncode, run.stderr.decode()) == (1, message)
        assert trees.extracted(root / "zarf-stage2") == {}

    def test_takes_a_digest_in_capital_letters(
        self, root: Path, program: Path, architecture: str
    ) -> None:
        payload = payload_of({"f": b"data"})
        put(root, payload, 1000)

        run = started(root, program, architecture, hashlib.sha256(payload).hexdigest().upper())

        assert (run.returncode, run.stderr) == (0, b"")

    @pytest.mark.parametrize("argument", ["", "0" * 63, "0" * 65, "g" + "0" * 63, "0" * 63 + "@"])
    def test_refuses_a_malformed_digest(
        self, root: Path, program: Path, architecture: str, argument: str
    ) -> None:
        put(root, payload_of({"f": b"data"}), 1000)

        run = started(root, program, architecture, argument)

        message = b"zarf-injector: the argument is not 64 hex digits\n"
        assert (run.returncode, run.stderr) == (1, message)

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("../escape", "../escape: '..' in a name"),
            ("/etc/passwd", "/etc/passwd: absolute name"),
            ("x" * 300, f"{'x' * 300}: name too long"),
        ],
        ids=["dotdot", "absolute", "long"],
    )
    def test_a_refused_entry_is_named(
        self, root: Path, program: Path, architecture: str, name: str, message: str
    ) -> None:
        put(root, payload_of({name: b""}), 10_000)

        run = started(root, program, architecture)

        assert (run.returncode, run.stderr.decode()) == (1, f"zarf-injector: {message}\n")

    def test_control_characters_of_a_name_are_escaped(
        self, root: Path, program: Path, architecture: str
    ) -> None:
        put(root, payload_of({"f\nchmod 755 x\x1b[2J": b"", "g\n": b"", "../\n": b""}), 10_000)

        run = started(root, program, architecture)

        assert run.stderr == b"zarf-injector: ../\\x0a: '..' in a name\n"
        assert run.stdout.splitlines() == [
            b"Processing zarf-payload-000",
            b"chmod 755 /zarf-stage2/f\\x0achmod 755 x\\x1b[2J",
            b"chmod 755 /zarf-stage2/g\\x0a",
        ]

    @pytest.mark.parametrize("level", [0, 1, 9])
    def test_a_stream_that_is_cut_short_is_called_so(
        self, root: Path, program: Path, architecture: str, level: int
    ) -> None:
        files = {f"directory/{n}": f"{n * n} bottles".encode() * (n % 7) for n in range(20)}
        payload = gzip.compress(gzip.decompress(payload_of(files)), compresslevel=level, mtime=0)

        said = set()
        for length in {*range(3, len(payload), 97), *range(len(payload) - 12, len(payload))}:
            put(root, payload[:length], 1_000_000)
            run = started(root, program, architecture)
            said.add((run.returncode, run.stderr))

        assert said == {(1, b"zarf-injector: gzip: truncated\n")}

    def test_a_failed_system_call_is_explained(
        self, root: Path, program: Path, architecture: str
    ) -> None:
        (root / "zarf-stage2/f").mkdir()
        put(root, payload_of({"f": b""}), 10_000)

        run = started(root, program, architecture)

        expected = b"zarf-injector: f: cannot replace: error 021 is a directory\n"
        assert (run.returncode, run.stderr) == (1, expected)


def test_memory_does_not_depend_on_the_payload(
    root: Path, program: Path, architecture: str
) -> None:
    if emulator(architecture) is not None:
        pytest.skip("under emulation the memory is the emulator's")
    # More lines of progress than a pipe holds: while most of them have not been read, the injector
    # waits, its large file behind it.
    files = {"large": os.urandom(32 * MEBIBYTE)}
    files |= {f"{number}-{'x' * 200}": b"" for number in range(2000)}
    put(root, payload_of(files), 512 * KIBIBYTE)
    reading, writing = os.pipe()
    command = sandboxed(root, program, architecture, ["--info-fd", str(writing)])
    with subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=[writing]) as process:
        os.close(writing)
        with open(reading, "rb") as information:
            child = json.load(information)["child-pid"]
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"chmod 755 /zarf-stage2/100-"):
                break
        status = Path(f"/proc/{child}/status").read_text()
        process.stdout.read()

    assert process.returncode == 0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak is not None
    assert int(peak[1]) <= 512

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from pathlib import Path

import pytest

from injector_conformance.subjects.subject import SubjectError, resolve

OTHER_MACHINE = 8
"""EM_MIPS: no machine that the suite knows."""


@pytest.mark.needs("busybox")
def test_a_static_binary_takes_the_injectors_place() -> None:
    subject = resolve([os.path.realpath(shutil.which("busybox") or "")])

    assert subject.argv == ("/zarf-stage1/zarf-injector",)
    assert subject.exposed == ()
    assert not subject.is_interpreted
    assert subject.machine == platform.machine()


def test_a_script_shows_its_interpreter_and_itself(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)

    subject = resolve([str(script)])

    assert subject.argv == (str(script),)
    assert script in subject.exposed
    assert Path("/usr") in subject.exposed
    assert subject.is_interpreted


def test_python_shows_where_its_modules_are() -> None:
    subject = resolve([sys.executable, "-m", "zarf_injector"])

    assert subject.argv[1:] == ("-m", "zarf_injector")
    prefix = Path(sys.prefix)
    assert any(prefix.is_relative_to(path) for path in subject.exposed)


def test_files_among_the_words_become_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "script.sh").write_text(":")
    monkeypatch.chdir(tmp_path)

    subject = resolve(["sh", "script.sh", "-x"])

    assert subject.argv[1:] == (str(tmp_path / "script.sh"), "-x")
    assert tmp_path / "script.sh" in subject.exposed


class TestOwnFiles:
    """What size and digest tell of: the subject, never what it runs on."""

    def digest(self, *command: str | Path) -> tuple[int, str]:
        return resolve([str(one) for one in command]).identity()

    def expect(self, *paths: Path) -> tuple[int, str]:
        content = b"".join(path.read_bytes() for path in paths)
        return len(content), hashlib.sha256(content).hexdigest()

    def test_of_a_script(self, tmp_path: Path) -> None:
        path = _executable(tmp_path, b"#!/bin/sh\nexit 1\n")

        assert self.digest(path) == self.expect(path)
        assert self.digest("sh", path) == self.expect(path)
        assert self.digest("sh", "-x", path, "word") == self.expect(path)

    def test_of_a_module(self) -> None:
        import zarf_injector  # noqa: PLC0415 - the accused, as data

        files = sorted(Path(zarf_injector.__file__ or "").parent.rglob("*.py"))
        assert self.digest(sys.executable, "-m", "zarf_injector") == self.expect(*files)

    def test_a_name_like_an_interpreters_is_none(self, tmp_path: Path) -> None:
        image = Path(os.path.realpath("/bin/true")).read_bytes()
        program = _executable(tmp_path, image).rename(tmp_path / "shell-injector")
        other = tmp_path / "settings"
        other.write_text("x")

        assert self.digest(program, other) == self.expect(program)

    @pytest.mark.parametrize("name", ["qemu-aarch64-static", "qemu-x86_64", "qemu-arm"])
    def test_of_what_is_emulated(self, tmp_path: Path, name: str) -> None:
        image = bytearray(Path(os.path.realpath("/bin/true")).read_bytes())
        emulator = _executable(tmp_path, bytes(image)).rename(tmp_path / name)
        image[18:20] = (183).to_bytes(2, "little")
        program = _executable(tmp_path, bytes(image))
        subject = resolve([str(emulator), "-L", "/none", str(program)])

        assert subject.is_emulated
        assert subject.target == "aarch64"
        assert subject.identity() == self.expect(program)

    def test_even_for_the_machine_that_it_is(self, tmp_path: Path) -> None:
        image = Path(os.path.realpath("/bin/true")).read_bytes()
        emulator = _executable(tmp_path, image).rename(tmp_path / "qemu-x86_64")
        program = _executable(tmp_path, image)

        assert resolve([str(emulator), str(program)]).is_emulated
        assert not resolve([str(program)]).is_emulated


class TestVersionManagers:
    """Scripts on PATH that stand for interpreters."""

    @pytest.fixture
    def shims(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "shims"
        folder.mkdir()
        for name, line in (("python3", f'exec "{sys.executable}" "$@"'), ("node", "exit 1")):
            (folder / name).write_text(f"#!/bin/sh\n{line}\n")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return folder

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("#!/usr/bin/env python3", []),
            ("#!/usr/bin/env -S python3 -u -B", ["-u", "-B"]),
            ("#!/usr/bin/env -S A=1 python3", []),
        ],
    )
    @pytest.mark.usefixtures("shims")
    def test_the_real_python_runs_the_script(
        self, tmp_path: Path, line: str, words: list[str]
    ) -> None:
        path = _executable(tmp_path, f"{line}\n".encode())
        subject = resolve([str(path)])

        assert subject.argv == (sys.executable, *words, str(path))
        assert any(Path(sys.prefix).is_relative_to(one) for one in subject.exposed)
        assert subject.identity()[0] == path.stat().st_size

    @pytest.mark.usefixtures("shims")
    def test_the_real_python_runs_a_module(self) -> None:
        assert resolve(["python3", "-m", "zarf_injector"]).argv[0] == sys.executable

    @pytest.mark.usefixtures("shims")
    def test_what_cannot_be_seen_through_is_told(self, tmp_path: Path) -> None:
        path = _executable(tmp_path, b"#!/usr/bin/env node\n")

        with pytest.raises(SubjectError, match="as version managers put them on PATH"):
            resolve([str(path)])


class TestRefusals:
    def check(self, command: list[str], *phrases: str) -> None:
        with pytest.raises(SubjectError) as caught:
            resolve(command)
        for phrase in phrases:
            assert phrase in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_no_command(self) -> None:
        self.check([], "no command given")

    def test_no_such_file(self) -> None:
        self.check(["./no-such-injector"], "no such file")

    def test_no_such_program(self) -> None:
        self.check(["no-such-injector"], "on PATH", "./no-such-injector")

    def test_a_directory(self, tmp_path: Path) -> None:
        self.check([str(tmp_path)], "is a directory")

    def test_not_executable(self, tmp_path: Path) -> None:
        path = tmp_path / "injector"
        path.write_bytes(b"\x7fELF")
        self.check([str(path)], "not executable", "chmod +x")

    def test_neither_elf_nor_script(self, tmp_path: Path) -> None:
        self.check(
            [str(_executable(tmp_path, b"hello"))], "neither an ELF executable nor a script"
        )

    def test_a_damaged_elf_file(self, tmp_path: Path) -> None:
        self.check([str(_executable(tmp_path, b"\x7fELF\x02\x01"))], "damaged ELF")

    def test_another_machine(self, tmp_path: Path) -> None:
        image = bytearray(Path(os.path.realpath("/bin/sh")).read_bytes())
        image[18:20] = OTHER_MACHINE.to_bytes(2, "little")
        self.check([str(_executable(tmp_path, bytes(image)))], "EM_MIPS", platform.machine())

    def test_an_interpreter_that_is_not_there(self, tmp_path: Path) -> None:
        self.check([str(_executable(tmp_path, b"#!/no/such/shell\n"))], "/no/such/shell")


def _executable(folder: Path, content: bytes) -> Path:
    path = folder / "injector"
    path.write_bytes(content)
    path.chmod(0o755)
    return path

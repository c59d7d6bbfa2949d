from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

import pytest

from injector_conformance.subject import SubjectError, resolve

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

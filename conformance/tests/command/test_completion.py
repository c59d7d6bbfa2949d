"""``--print-completion``: a shell that reads it completes commands, options and values."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.cli import completion, main

PROGRAM = "injector-conformance"
SECONDS = 20.0
PROMPT = b"(ready> )"


def script(capsys: pytest.CaptureFixture[str], shell: str) -> str:
    with pytest.raises(SystemExit) as end:
        main((completion.OPTION, shell))
    assert end.value.code == 0
    return capsys.readouterr().out


def heard(terminal: int, until: bytes) -> str:
    """What a terminal shows that is waited for: the group of a pattern."""
    text, deadline = b"", time.monotonic() + SECONDS
    while not (found := re.search(until, text)):
        left = deadline - time.monotonic()
        assert left > 0, text
        if select.select([terminal], [], [], left)[0]:
            text += os.read(terminal, 4096)
    return found[1].decode()


@pytest.fixture
def completed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """What becomes of a line that is typed into bash, tabs and all."""
    written = tmp_path / "completion"
    written.write_text(script(capsys, "bash"))
    (tmp_path / "an-injector").touch()

    def typed(line: str) -> str:
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(tmp_path)
            environment = {"PATH": os.environ["PATH"], "PS1": "ready> ", "INPUTRC": "/dev/null"}
            words = ["bash", "--noprofile", "--norc", "-i"]
            os.execvpe("bash", words, environment)  # noqa: S606 - is a shell
        try:
            # Wide enough that bash draws no line anew.
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 50, 250, 0, 0))
            heard(terminal, PROMPT)
            os.write(terminal, b"bind 'set enable-bracketed-paste off'; . ./completion\n")
            heard(terminal, PROMPT)
            # What it has become is told, not run: Ctrl-A goes to the line's beginning.
            os.write(terminal, f"{PROGRAM} {line}\x01echo 'li''ne:' \n".encode())
            return heard(terminal, rb"\nline: \S+ (.*?) *\r\n")
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    return typed


@pytest.mark.needs("bash")
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("che\t", "check"),
        ("check --prof\t", "check --profile"),
        ("check --profile u\t", "check --profile unified"),
        ("check --prof\tst\t", "check --profile stage1"),
        ("check --level sh\t", "check --level should"),
        ("check --requirement TAR-1\t", "check --requirement TAR-1"),
        ("check --sandbox nam\t", "check --sandbox namespaces"),
        ("check --baseline an\t", "check --baseline an-injector"),
        ("explain SUM-4\t", "explain SUM-4"),
        ("schema clu\t", "schema cluster"),
        ("explain --hex\t", "explain --hexdump"),
    ],
)
def test_bash_completes(completed: Callable[[str], str], line: str, whole: str) -> None:
    assert completed(line) == whole


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_every_command_is_in_every_script(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    text = script(capsys, shell)

    for word in ("check", "explain", "profile", "unified", "stage1", "TAR-3", "namespaces"):
        assert word in text


@pytest.mark.parametrize(
    "shell", [pytest.param(one, marks=pytest.mark.needs(one)) for one in completion.SHELLS]
)
def test_the_shell_can_read_it(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    done = subprocess.run(
        [shell, "-n"], input=script(capsys, shell), capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_without_shtab_one_line_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)

    with pytest.raises(SystemExit) as end:
        main((completion.OPTION, "bash"))

    (line,) = capsys.readouterr().err.splitlines()
    assert end.value.code == 2
    assert "pip install 'injector-conformance[completion]'" in line


def test_an_unknown_shell_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main((completion.OPTION, "csh"))

    (line,) = capsys.readouterr().err.splitlines()
    assert end.value.code == 2
    assert "'bash', 'zsh', 'fish'" in line

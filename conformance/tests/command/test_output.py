"""Where the output goes: readers that leave, encodings that lack a sign, narrow terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("injector-conformance")
COLOUR = re.compile(rb"\x1b\[[0-9;]+m")
ScriptMaker = Callable[[str], Path]

TALKATIVE = [
    ("--help",),
    ("list",),
    ("explain", "TAR"),
    ("schema", "report"),
]


def unread(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the program with a standard output that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [PROGRAM, *map(str, words)],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)


class TestReadersThatLeave:
    @pytest.mark.parametrize("words", TALKATIVE, ids=" ".join)
    def test_what_prints_much_ends_quietly(self, words: tuple[str, ...]) -> None:
        done = unread(*words)

        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.needs("namespaces")
    def test_a_verdict_stays_what_it_is(self, tmp_path: Path, script: ScriptMaker) -> None:
        report = tmp_path / "r.json"

        done = unread(
            "check", "--case", "pay-golden-one-chunk", "--json", report, "--", script("exit 0")
        )

        assert (done.returncode, done.stderr) == (1, "")
        assert json.loads(report.read_text())["verdict"] == "nonconformant"

    def test_a_full_disk_is_an_error_all_the_same(self) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )

        assert done.returncode == 3
        assert "No space left" in done.stderr


@pytest.mark.parametrize("words", TALKATIVE, ids=" ".join)
def test_an_encoding_that_lacks_signs(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [PROGRAM, *words],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert done.stdout


@pytest.mark.parametrize(("columns", "most"), [(40, 40), (400, 96)])
@pytest.mark.parametrize("name", ["TAR-3", "gz-members-split-at-record"])
def test_explanations_fit_the_terminal(name: str, columns: int, most: int) -> None:
    done = subprocess.run(
        [PROGRAM, "explain", name],
        env={**os.environ, "COLUMNS": str(columns)},
        capture_output=True,
        text=True,
        check=True,
    )
    # Of a list of cases only the gist is shortened: an id is what one wants to copy. Nor is a
    # table of what a payload holds broken: a line of it is read from column to column.
    text = done.stdout.partition("cases:")[0].partition("\npayload ")[0].splitlines()
    assert [line for line in text if len(line) > most and " " in line.strip()] == []


def on_terminal(environment: dict[str, str], *words: object) -> bytes:
    """What the program writes to a terminal."""
    leading, following = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, *map(str, words)], stdout=following, stderr=following, env=environment
    ):
        os.close(following)
        parts = []
        try:
            while part := os.read(leading, 65536):
                parts.append(part)
        except OSError:  # the other end is closed
            pass
    os.close(leading)
    return b"".join(parts)


@pytest.mark.needs("namespaces")
def test_colours_only_where_they_are_wanted(script: ScriptMaker) -> None:
    words = ("check", "--case", "pay-golden-one-chunk", "--", script("exit 0"))
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}

    coloured = on_terminal(environment, *words)
    plain = on_terminal({**environment, "NO_COLOR": "1"}, *words)

    assert COLOUR.search(coloured)
    assert b"NOT CONFORMANT" in plain
    assert not COLOUR.search(plain)

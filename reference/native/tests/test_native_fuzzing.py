"""The fuzzer: it looks at every parser, and finds, tells and repeats what it is there to find."""

from __future__ import annotations

import dataclasses
import platform
import shlex
from pathlib import Path

import pytest

from native.fuzz import __main__ as fuzz
from native.fuzz import judging
from native.fuzz.targets import TARGETS
from native.tests.native_programs import Harness, found

JSON = TARGETS[0]


def program(path: Path, commands: str) -> Harness:
    """A harness that does this instead of parsing."""
    path.write_text(f"#!/bin/sh\n{commands}\n")
    path.chmod(0o755)
    return Harness(path, platform.machine())


def test_every_parser_gets_inputs_and_none_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found("bwrap")
    keep = tmp_path / "kept"

    status = fuzz.main(["--minutes", "0", "--seed", "8259", "--keep", str(keep)])

    said = capsys.readouterr().out
    assert status == 0, said
    assert said.splitlines()[1:] == [
        f"{one.name:8}       500 inputs, 0 failures" for one in TARGETS
    ]
    assert not keep.exists()


def test_inputs_depend_on_target_seed_and_number_alone() -> None:
    for target in TARGETS:
        inputs = [judging.made(target, 1, number) for number in range(20)]

        assert inputs == [judging.made(target, 1, number) for number in range(20)]
        assert inputs != [judging.made(target, 2, number) for number in range(20)]


def test_a_failing_input_is_written_and_its_line_repeats_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = dataclasses.replace(
        JSON, complaint=lambda data, *_: "it has a brace" if b"{" in data else None
    )
    monkeypatch.setattr(fuzz, "TARGETS", (odd,))

    assert fuzz.main(["--minutes", "0", "--seed", "3", "--keep", str(tmp_path / "kept")]) == 1

    first = capsys.readouterr().out.splitlines()[1]
    name, _, again = first.partition(": it has a brace; again: make fuzz ARGS=")
    assert name.startswith("json 3-")
    (words,) = shlex.split(again)
    assert b"{" in Path(words.split()[-1]).read_bytes()
    assert fuzz.main(words.split()) == 1
    assert capsys.readouterr().out.endswith(": it has a brace\n")


def test_a_parser_that_hangs_or_dies_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "TOGETHER", 0.3)
    monkeypatch.setattr(judging, "ALONE", 0.2)
    hanging = program(tmp_path / "hanging", "exec sleep 5")
    dying = program(tmp_path / "dying", r"printf 'x\0\0\0\0'")

    assert list(judging.failures(hanging, JSON, [b"{}", b"[]"])) == [
        (place, "no end within 0 seconds") for place in (0, 1)
    ]
    ((_, complaint),) = judging.failures(dying, JSON, [b"{}"])
    assert complaint.startswith("the parser died")


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["--input", "x"], "--input needs --target"),
        (["--target", "json", "--input", "/nowhere"], "/nowhere: No such file"),
    ],
)
def test_what_is_asked_wrongly_is_said(
    words: list[str], cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fuzz.main(words) == 2
    assert capsys.readouterr().err.startswith(f"fuzz: {cause}")

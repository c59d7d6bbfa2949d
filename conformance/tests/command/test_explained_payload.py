"""What ``explain`` says of a payload, for people and programs, however hostile it is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from injector_conformance.cases.archive import Member
from injector_conformance.cli import hexdump, main, payload
from injector_conformance.run import binary, catalogue

CASES = catalogue.load()


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(("explain", *words)) == 0
    return capsys.readouterr().out


def test_members_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split() for line in told(capsys, "tar-size-pax-over-zero").splitlines()]

    assert ["1,024", "0", "0644", "1,024", "f;", "size", "0", "in", "the", "header"] in rows
    assert ["2,560", "0", "0644", "6", "after"] in rows


def test_images_of_a_layout(capsys: pytest.CaptureFixture[str]) -> None:
    (image,) = json.loads(told(capsys, "names-one-image", "--json"))["payload"]["images"]

    assert f"images     {image['name']}  {image['digest']}" in told(capsys, "names-one-image")
    assert image["name"] == "library/seed:3.1.1"


@pytest.mark.parametrize("name", ["gz-isize-modulo", "pay-chunks-1500", "box-much-one-name"])
def test_what_is_large_is_cut_and_that_is_said(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    lines = told(capsys, name).splitlines()

    assert any(line.strip().startswith("… ") for line in lines)
    assert len(lines) < 200


@pytest.mark.parametrize("name", sorted(CASES)[::40])
def test_every_payload_can_be_looked_at(name: str) -> None:
    found = payload.look(CASES[name])

    assert list(payload.lines(found))
    assert all(
        one.offset + (one.size or 0) <= found.size
        for one in found.items
        if not (isinstance(one, Member) and one.faults)
    )


@pytest.mark.needs("hexdump", "gzip")
@pytest.mark.parametrize("name", ["tar-size-pax-over-zero", "gz-magic-swapped", "names-one-image"])
def test_a_dump_is_that_of_hexdump(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    found = payload.look(CASES[name])
    raw = found.init.payload
    if found.parts:
        raw = subprocess.run(["gzip", "-dc"], input=raw, capture_output=True, check=True).stdout
    (tmp_path / "raw").write_bytes(raw)
    done = subprocess.run(
        ["hexdump", "-C", tmp_path / "raw"], capture_output=True, text=True, check=True
    )

    assert told(capsys, name, "-x").endswith(":\n" + done.stdout)


def test_a_dump_has_bounds() -> None:
    rows = [number.to_bytes(16, "big") for number in range(100)]

    assert list(hexdump.lines([b"".join(rows)], 10))[-1] == "… cut at byte 160, after 10 lines"
    assert len(list(hexdump.lines([bytes(1 << 20)], 10))) == 3


@pytest.mark.parametrize("word", ["TAR-3", "TAR", next(iter(binary.CHECKS.values())).id])
def test_what_has_no_payload_has_no_dump(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert main(("explain", word, "--hexdump")) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"--hexdump: {word} is no case" in line


def test_a_dump_is_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(("explain", "gz-magic-swapped", "--json", "--hexdump"))

    assert end.value.code == 2
    assert "not allowed with" in capsys.readouterr().err

"""The sandbox of benchmarks: what a contestant is there, sees and cannot do."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.bench import BenchError
from injector_conformance.bench.arena import Arena
from injector_conformance.bench.contestants import Contestant, find, subject
from injector_conformance.bench.prepared import Prepared
from injector_conformance.bench.race import Race
from injector_conformance.bench.stopwatch import RunError, time_run
from injector_fixtures import elf

EXITS = {
    "x86_64": (elf.X86_64, bytes.fromhex("b83c00000031ff0f05")),
    "aarch64": (elf.AARCH64, bytes.fromhex("a80b8052000080d2010000d4")),
}
"""exit(0) in machine code."""

Maker = Callable[..., Contestant]


def written(arena: Arena, small: Prepared, contestant: Contestant) -> str:
    """What a contestant wrote to the file ``empty`` in its output."""
    arena.clear()
    time_run(arena.command(contestant, small), 60)
    return (arena.output / "empty").read_text()


def test_it_is_process_1_in_the_init_directory(
    arena: Arena, small: Prepared, contestant: Maker
) -> None:
    told = written(arena, small, contestant('echo "$$ $PWD $1" > /zarf-stage2/empty'))

    assert told == f"1 /zarf-stage1 {small.sha256}\n"


def test_it_sees_nothing_of_the_host_s_environment(
    arena: Arena, small: Prepared, contestant: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "1")

    assert "SECRET" not in written(arena, small, contestant("env > /zarf-stage2/empty"))


def test_it_cannot_change_the_payload(arena: Arena, small: Prepared, contestant: Maker) -> None:
    before = sorted(os.listdir(small.init))
    arena.clear()

    with pytest.raises(RunError, match="Read-only"):
        time_run(arena.command(contestant("rm -f zarf-payload-000 || exit 1"), small), 60)

    assert sorted(os.listdir(small.init)) == before


@pytest.mark.skipif(platform.machine() not in EXITS, reason="no machine code for this machine")
def test_a_static_program_needs_nothing_else(
    arena: Arena, small: Prepared, tmp_path: Path
) -> None:
    machine, code = EXITS[platform.machine()]
    segment = elf.Segment(elf.LOAD, elf.READ | elf.EXECUTE, code)
    program = tmp_path / "exits"
    program.write_bytes(elf.Image(machine, segments=[segment]).build())
    program.chmod(0o755)

    # It runs, ends well, and extracts nothing.
    with pytest.raises(BenchError, match="extracted 0 of 1 files"):
        Race(arena, small, [subject([str(program)])], deadline=60).warm_up()


@pytest.mark.needs("bsdtar", "busybox", "tar", "gzip")
def test_every_peer_extracts_everything(arena: Arena, small: Prepared) -> None:
    found, missing = find()
    race = Race(arena, small, found, deadline=60)

    race.warm_up()

    assert not missing
    assert not race.results.failures
    assert {one.id for one in found} == {"gnu", "bsdtar", "busybox", "tarfile", "floor"}
    assert all(peak.method == "exact" for peak in race.results.peaks.values())


@pytest.mark.needs("tar", "gzip")
@pytest.mark.parametrize("peer", ["gnu", "bsdtar", "busybox", "tarfile", "floor"])
def test_a_peer_verifies_the_checksum(arena: Arena, small: Prepared, peer: str) -> None:
    found = {one.id: one for one in find()[0]}
    if peer not in found:
        pytest.skip(f"{peer} is not on this machine")
    command = arena.command(found[peer], small)
    arena.clear()
    wrong = [word.replace(small.sha256, "0" * 64) for word in command]
    assert wrong != command

    with pytest.raises(RunError, match="status 1"):
        time_run(wrong, 60)

"""Profiles are values: SPEC.md names them, and everything asks them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from injector_conformance.cases.case import Argument
from injector_conformance.profiles import PROFILES, STAGE1, UNIFIED
from injector_conformance.run import catalogue, suite
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.sandbox.namespaces import Namespaces, ipv6
from injector_conformance.sandbox.place import explained
from injector_conformance.specification import spec
from injector_conformance.stages.stage import Stage
from injector_conformance.subjects.subject import resolve
from injector_fixtures.layout import chunked

INIT = chunked(b"payload")
PROGRAM = str(Path(sys.executable).with_name("injector-conformance"))
LISTENER = "import socket, time; s = socket.socket(); {call}; time.sleep(60)"


def test_each_is_a_profile_of_the_specification() -> None:
    assert tuple(PROFILES) == spec.load().profiles


def test_stage1_takes_the_checksum_alone_or_nothing() -> None:
    assert STAGE1.arguments(Argument.MATCHING, INIT) == (INIT.sha256,)
    assert STAGE1.arguments("other", INIT) == ("other",)
    assert STAGE1.arguments(Argument.NONE, INIT) == ()


def test_unified_always_takes_a_checksum_and_an_address() -> None:
    assert UNIFIED.arguments(Argument.MATCHING, INIT) == (INIT.sha256, "0.0.0.0:5000")
    assert UNIFIED.arguments(Argument.NONE, INIT) == (INIT.sha256, "0.0.0.0:5000")
    assert UNIFIED.arguments(Argument.ABSENT, INIT) == ()


def test_the_stage_has_the_directories_of_its_profile(tmp_path: Path) -> None:
    stage = Stage(tmp_path, profile=UNIFIED)
    assert (stage.init, stage.output) == (tmp_path / "zarf-init", tmp_path / "zarf-seed")
    assert {one.name for one in tmp_path.iterdir()} == {"zarf-init", "zarf-seed", "canary"}
    assert stage.not_outside == {b"zarf-init", b"zarf-seed"}


@pytest.mark.needs("busybox")
def test_a_single_file_lies_where_the_profile_has_its_program() -> None:
    command = [os.path.realpath(shutil.which("busybox") or "")]
    assert resolve(command, profile=UNIFIED).argv == ("/zarf-init/zarf-injector",)
    assert resolve(command).argv == ("/zarf-stage1/zarf-injector",)


def test_a_profile_that_cannot_be_judged_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "JUDGEABLE", frozenset({"stage1"}))

    with pytest.raises(SelectionError, match="profile unified cannot be judged yet"):
        suite.plan(["/bin/true"], profile="unified", sandbox="auto")


def test_where_there_is_no_ipv6_its_cases_are_skipped_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ipv6, "is_there", lambda: False)
    driver, every = Namespaces(), catalogue.load()

    assert driver.missing(every["arg-ipv6"].conditions) == ipv6.MISSING
    assert driver.missing(every["arg-loopback"].conditions) is None


@pytest.mark.parametrize("sandbox", ["chroot", "container"])
def test_who_serves_is_judged_in_namespaces_only(sandbox: str) -> None:
    line = [PROGRAM, "check", "--profile", "unified", "--sandbox", sandbox, "--", "true"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert "--sandbox namespaces only" in done.stderr


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize(
    ("program", "told"),
    [
        (LISTENER.format(call="s.bind(('127.0.0.1', 8080)); s.listen()"), "127.0.0.1:8080"),
        ("import time; time.sleep(60)", "listens nowhere"),
    ],
)
def test_who_never_serves_is_told_where_it_listens(program: str, told: str) -> None:
    line = [PROGRAM, "check", "--profile", "unified", "--case", "pay-golden-one-chunk"]
    words = ["--timeout", "2", "--", sys.executable, "-c", program]
    done = subprocess.run([*line, *words], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert told in done.stdout
    assert "it has to serve at 0.0.0.0:5000, its second argument" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_who_may_have_no_more_namespaces_is_told_what_to_raise() -> None:
    said = explained(b"namespaces: No space left on device")

    assert "user.max_net_namespaces" in said
    assert "\n" not in said

"""Every command that a document shows does what the document says, typed as it stands there.

A command is typed into a shell, in a directory that has the files that it names. What judges
everything, and shows nothing of it, judges one case here. Only what stands in :data:`ELSEWHERE` is
not typed; targets of make are tried without doing what they would (``test_commands.py``).
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from injector_conformance.cli import main
from injector_fixtures.oci import samples
from tests.handbook.documents import PROGRAM, TOP, Shown, shown
from tests.html import seen
from tests.packing.sources import layout_files, write

MINUTES: Final = "takes minutes"
CLUSTER: Final = "needs a cluster: conformance/tests/cluster"
CONTAINER: Final = "needs a container daemon and images: conformance/tests/container"
CLIENTS: Final = "needs a container runtime, and minutes: conformance/tests/clients"
BENCH: Final = f"{MINUTES}: conformance/tests/bench measures small payloads"
FOREIGN: Final = "another project's program"
INDEX: Final = "asks the package index; .github/workflows/release.yml installs what it has built"

ELSEWHERE: Final = {
    r"pip install .*": INDEX,
    r"docker (build|run|pull) .*": CONTAINER,
    r"(kind|k3d) .*": FOREIGN,
    rf"(\.venv/bin/)?{PROGRAM} cluster .*": CLUSTER,
    rf"{PROGRAM} clients .*": CLIENTS,
    rf"{PROGRAM} bench .*": BENCH,
    rf"{PROGRAM} check --sandbox container .*": CONTAINER,
    rf"{PROGRAM} --print-completion .*": "writes below HOME: tests/command/test_completion.py",
    rf"{PROGRAM} check": "the name of the command, in a sentence",
    r"pytest reference/tests .*": "is what runs this",
    r"(wc|cat|hexdump) .*": "shows the golden payload: fixtures/tests/test_golden.py",
    r"python3 ladder\.py": "make rust-ladder runs it",
    r"make .*": "conformance/tests/handbook/test_commands.py, and .ci/run",
}
"""What is not typed here, as patterns of whole lines, and why."""

PAGES: Final = {"docs/why-did-it-fail.md": "test_why_did_it_fail.py types it, on its mutant"}
"""Documents whose commands in blocks are typed by a test of their own, and which."""

ONE_CASE: Final = "pay-golden-one-chunk"
NARROWING: Final = ("--case", "--requirement", "--rerun-failed")
UNCHECKED: Final = """#!/bin/sh
cat zarf-payload-* | tar -xz -C /zarf-stage2; chmod -R 755 /zarf-stage2
"""

STANDS_FOR: Final = {
    "DIR": "made",
    "FILE…": "a-file",
    "IMAGE…": "an-image",
    "ID": "tar-format-v7",
    "CASE": "tar-format-v7",
    "REQUIREMENT": "TAR-3",
    "…": "./zarf-injector",
}
"""What is typed in place of words that stand for something of the reader's own."""

OWN: Final = re.compile(r"(?<=sandbox namespaces ).*|(?<= · on )\w+$|(?<= in )[0-9.]+ s$")
"""What a report says of the machine that it was made on."""

REPORTS: Final = ("mine", "theirs", "earlier", "later", "native", "rust", "BEFORE", "AFTER")


def covering(one: Shown) -> str | None:
    """Why a command is not typed here; None if it is."""
    if one.is_block and one.document in PAGES:
        return PAGES[one.document]
    return next((why for line, why in ELSEWHERE.items() if re.fullmatch(line, one.line)), None)


def to_type() -> list[object]:
    """The commands, each line once, wherever it is shown most fully."""
    fullest: dict[str, Shown] = {}
    for one in shown():
        if covering(one) is None:
            known = fullest.get(one.line, one)
            fullest[one.line] = max(known, one, key=lambda each: len(each.answer))
    return [
        pytest.param(
            one,
            id=f"{one.document}: {one.line}",
            marks=[pytest.mark.needs("arm64")] if "arm64" in one.line else [],
        )
        for one in fullest.values()
    ]


def typed(one: Shown) -> str:
    """The line for a shell: placeholders filled in, one case in place of all."""
    line = one.line
    for word, text in STANDS_FOR.items():
        line = re.sub(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])", text, line)
    is_whole = not one.answer and not any(word in line for word in NARROWING)
    if is_whole:
        line = re.sub(rf"^{PROGRAM} (check|compare)", rf"\g<0> --case {ONE_CASE}", line)
    return f"{line} --case {ONE_CASE}" if line.startswith("pytest") else line


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with everything that the documents speak of as the reader's own."""
    folder = tmp_path_factory.mktemp("a desk")
    native = TOP / "reference" / "native" / "bin"
    shutil.copy(native / f"zarf-injector-{platform.machine()}", folder / "zarf-injector")
    shutil.copy(native / f"zarf-injector-unified-{platform.machine()}", folder / "unified")
    shutil.copy(folder / "zarf-injector", folder / "zarf-injector-old")
    shutil.copy(native / "zarf-injector-aarch64", folder / "zarf-injector-arm64")
    unchecked = folder / "unchecked.sh"
    unchecked.write_text(UNCHECKED)
    unchecked.chmod(0o755)
    (folder / "accepted.toml").touch()
    (folder / "a-file").write_text("a file\n")
    write(layout_files(samples.plain()), folder / "an-image")
    judged = ("check", "--case", "sum-mismatch-in-last-digit", "--json")
    for name, subject, status in (
        ("mine", "zarf-injector", 0),
        ("report", "unchecked.sh", 1),
    ):
        words = [*judged, str(folder / f"{name}.json"), "--", str(folder / subject)]
        assert main(words) == status
    for name, told in (("clients", seen.clients()), ("cluster", seen.cluster())):
        (folder / f"{name}.json").write_text(json.dumps(told))
    for name in REPORTS[1:]:
        shutil.copy(folder / "mine.json", folder / f"{name}.json")
    (folder / "reports").mkdir()
    shutil.copy(folder / "mine.json", folder / "reports" / "monday.json")
    return folder


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("one", to_type())
def test_it_does_what_the_document_says(one: Shown, desk: Path, tmp_path: Path) -> None:
    place = tmp_path / "a directory"
    shutil.copytree(desk, place)
    if "--profile unified --" in one.line:
        (place / "unified").replace(place / "zarf-injector")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
    }

    done = subprocess.run(
        ["sh", "-c", typed(one)],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    is_refused = any("NOT CONFORMANT" in line for line in one.answer)
    assert done.returncode == int(is_refused), done.stdout + done.stderr
    shown_lines = [OWN.sub("", line) for line in one.answer if line not in ("", "…")]
    if platform.machine() != "x86_64":
        shown_lines = [line for line in shown_lines if not line.startswith("subject ")]
    lines = [OWN.sub("", line) for line in done.stdout.splitlines()]
    assert shown_lines == [line for line in lines if line in shown_lines], done.stdout


def test_what_is_not_typed_is_shown_somewhere() -> None:
    unused = [
        pattern
        for pattern in ELSEWHERE
        if not any(re.fullmatch(pattern, one.line) for one in shown())
    ]

    assert unused == []
    assert {one.document for one in shown()} >= PAGES.keys()


def test_enough_is_typed() -> None:
    assert len(to_type()) > 25

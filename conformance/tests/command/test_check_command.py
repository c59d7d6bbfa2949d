"""The command line as a user types it: statuses, reports, one-line errors."""

from __future__ import annotations

import json
import platform
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

pytestmark = pytest.mark.needs("namespaces")

TOP = Path(__file__).resolve().parents[3]
PROGRAM = Path(sys.executable).with_name("injector-conformance")
FEW = ("--case", "tar-format-*", "--case", "sum-mismatch-of-*")
"""A few quick cases, positive and negative."""

ScriptMaker = Callable[[str], Path]


def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd
    )


class TestStatus:
    def test_conformant(self, reference: list[str]) -> None:
        done = run("check", *FEW, "--", *reference)

        assert done.returncode == 0, done.stdout
        assert (
            "verdict: PARTIAL: CONFORMANT AS FAR AS SELECTED (MUST) · profile stage1"
            in done.stdout
        )
        assert "only --case 'tar-format-*' --case 'sum-mismatch-of-*' (" in done.stdout
        assert done.stderr == ""

    @pytest.mark.parametrize(
        ("profile", "case", "module"),
        [
            ("stage1", "tar-format-v7", "zarf_injector"),
            ("unified", "http-base-get", "zarf_injector.unified"),
        ],
    )
    def test_without_a_subject_the_reference_of_the_profile(
        self, profile: str, case: str, module: str
    ) -> None:
        done = run("check", "--profile", profile, "--case", case)

        assert done.returncode == 0, done.stdout
        assert f" -m {module}   " in done.stdout.splitlines()[1]

    def test_not_conformant(self, script: ScriptMaker) -> None:
        done = run("check", *FEW, "--", script("exit 1"))

        assert done.returncode == 1
        assert "verdict: NOT CONFORMANT" in done.stdout
        assert done.stderr == ""

    def test_partial(self) -> None:
        native = TOP / "reference" / "native" / "bin" / f"zarf-injector-{platform.machine()}"
        if not native.exists():
            pytest.skip("the native injector is not built; make native does")
        done = run("check", "--sandbox=chroot", "--case=pay-init-read-only", "--", native)

        assert done.returncode == 3
        assert "PARTIAL" in done.stdout

    @pytest.mark.parametrize(
        ("words", "phrase"),
        [
            (("--", "./no-such-injector"), "no such file"),
            (("--", "no-such-injector"), "on PATH"),
            (("--", "/"), "is a directory"),
            (("--requirement", "TAR-333"), "did you mean TAR-"),
            (("--case", "no-such-case"), "no case no-such-case"),
            (("--requirement", "PAY-1", "--case", "tar-*"), "no case is left"),
            (("--profile", "stage9"), "no profile stage9"),
            (("--",), "nothing stands behind --"),
            (("--case", "tar-format-v7", "--"), "nothing stands behind --"),
            (("--", ""), "is empty"),
            (("--", "  "), "is empty"),
            (("--", "", "./zarf-injector"), "is empty"),
            (("--baseline", "no-such-file.toml"), "No such file"),
            (("--expose", "/no/such/path"), "cannot expose"),
        ],
    )
    def test_wrong_usage_gets_one_line(self, words: tuple[str, ...], phrase: str) -> None:
        done = run("check", *words)

        assert done.returncode == 2
        assert done.stdout == ""
        assert phrase in done.stderr
        assert len(done.stderr.splitlines()) == 1

    @pytest.mark.parametrize(
        "words",
        [
            ("--jobs", "0"),
            ("--jobs", "many"),
            ("--timeout", "-1"),
            ("--timeout", "nan"),
            ("--level", "most"),
            ("--sandbox", "beach"),
        ],
    )
    def test_a_wrong_option_gets_the_usage(self, words: tuple[str, ...]) -> None:
        done = run("check", *words)

        assert done.returncode == 2
        assert words[0] in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_report_that_cannot_be_written(self, reference: list[str]) -> None:
        done = run("check", *FEW, "--json", "/no/such/folder/report.json", "--", *reference)

        assert done.returncode == 2
        assert done.stdout == ""
        assert "/no/such/folder" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of an injector that fails at everything."""
    folder = tmp_path_factory.mktemp("reports")
    subject = folder / "subject"
    subject.write_text("#!/bin/sh\nprintf '\\033[31mbad\\377\\n' >&2\nexit 1\n")
    subject.chmod(0o755)
    words = ("--json", folder / "r.json", "--junit", folder / "r.xml")
    done = run("check", *FEW, *words, "--", subject)
    (folder / "stdout").write_text(done.stdout)
    return folder


class TestReports:
    def test_json_keeps_its_schema(self, reports: Path) -> None:
        text = (resources.files("injector_conformance") / "reports/schema.json").read_text()
        document = json.loads((reports / "r.json").read_text())

        jsonschema.validate(document, json.loads(text))
        assert document["verdict"] == "nonconformant"
        assert document["selection"] == list(FEW)

    def test_junit_counts_what_it_holds(self, reports: Path) -> None:
        root = ET.parse(reports / "r.xml").getroot()  # noqa: S314 - our own file
        tests = root.findall("./testsuite/testcase")

        assert int(root.get("tests", "")) == len(tests) > 0
        assert int(root.get("failures", "")) == len(root.findall(".//failure")) > 0
        assert "\x1b" not in (reports / "r.xml").read_text()

    def test_the_terminal_shows_no_raw_control_characters(self, reports: Path) -> None:
        text = (reports / "stdout").read_text()

        assert "bad" in text
        assert "\x1b" not in text


class TestBaseline:
    def test_written_completed_and_used(self, script: ScriptMaker, tmp_path: Path) -> None:
        subject, baseline = script("exit 1"), tmp_path / "baseline.toml"
        first = run("check", *FEW, "--write-baseline", baseline, "--", subject)
        assert first.returncode == 1
        baseline.write_text(baseline.read_text().replace("TODO:", "ours:"))

        second = run("check", *FEW, "--baseline", baseline, "--", subject)

        assert second.returncode == 0, second.stdout
        assert "accepted by the baseline" in second.stdout
        assert re.search(r"verdict: PARTIAL: .* · \d+ accepted deviations · only", second.stdout)
        [(kept, judged)] = re.findall(r"^TAR .* (\d+)/(\d+)", second.stdout, re.MULTILINE)
        assert int(kept) < int(judged), "what is accepted is not kept"

    def test_what_is_unexplained_is_not_accepted(
        self, script: ScriptMaker, tmp_path: Path
    ) -> None:
        subject, baseline = script("exit 1"), tmp_path / "baseline.toml"
        run("check", *FEW, "--write-baseline", baseline, "--", subject)

        done = run("check", *FEW, "--baseline", baseline, "--", subject)

        assert done.returncode == 2
        assert "say in reason" in done.stderr

    def test_written_anew_it_keeps_what_was_written_by_hand(
        self, script: ScriptMaker, tmp_path: Path
    ) -> None:
        subject, path = script("exit 1"), tmp_path / "baseline.toml"
        run("check", *FEW, "--write-baseline", path, "--", subject)
        by_hand = path.read_text().replace("TODO:", "ours:", 1) + 'link = "https://example.org"\n'
        path.write_text(by_hand)

        run("check", *FEW, "--write-baseline", path, "--", subject)

        assert path.read_text() == by_hand

    def test_nothing_else_is_overwritten(self, script: ScriptMaker, tmp_path: Path) -> None:
        path = tmp_path / "notes.toml"
        path.write_text("mine = 1\n")

        done = run("check", *FEW, "--write-baseline", path, "--", script("exit 1"))

        assert done.returncode == 2
        assert path.read_text() == "mine = 1\n"

    def test_a_stale_entry_fails(self, reference: list[str], tmp_path: Path) -> None:
        baseline = tmp_path / "baseline.toml"
        baseline.write_text('[[accepted]]\nrequirement = "TAR-14"\nreason = "old"\n')

        done = run("check", "--requirement", "TAR-14", "--baseline", baseline, "--", *reference)

        assert done.returncode == 1
        assert "stale" in done.stdout


class TestLookUp:
    def test_list(self) -> None:
        done = run("list", "--requirement", "TAR-3")

        assert done.returncode == 0
        assert all(" TAR-3" in line for line in done.stdout.splitlines())

    def test_explain_a_requirement(self) -> None:
        done = run("explain", "TAR-3")

        assert done.returncode == 0
        assert done.stdout.startswith("TAR-3 · MUST")

    def test_explain_a_case(self) -> None:
        assert "expected" in run("explain", "tar-format-v7").stdout

    def test_explain_the_unknown(self) -> None:
        done = run("explain", "TAR-33")

        assert done.returncode == 2
        assert "did you mean TAR-3" in done.stderr

    @pytest.mark.parametrize(
        "words", [(), ("check",), ("list",), ("explain",), ("export",), ("size",)]
    )
    def test_help(self, words: tuple[str, ...]) -> None:
        done = run(*words, "--help")

        assert done.returncode == 0
        assert done.stdout.startswith("usage: injector-conformance")

    def test_an_output_that_nobody_reads(self) -> None:
        line = f"{shlex.quote(str(PROGRAM))} list | head -n 1"
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)

        assert "Traceback" not in done.stderr
        assert "Error" not in done.stderr

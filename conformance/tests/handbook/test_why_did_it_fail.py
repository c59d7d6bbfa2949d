"""The page of common flaws: what it shows of reports is what the suite says of those flaws."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "why-did-it-fail.md"
BLOCK = re.compile(
    r"<!-- as seen of (\S+) -->\n\n"
    r"```console\n\$ injector-conformance ([^\n]*) -- ./zarf-injector\n…\n(.*?)```\n",
    re.DOTALL,
)
SHOWN = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
GRANTED = re.compile(r"(?<=observed  /v2/)\S+(?= 200)")
"""Which of the requests that come too early is granted first is a matter of moments."""


def test_every_flaw_is_shown() -> None:
    assert len(SHOWN) == PAGE.read_text(encoding="utf-8").count("**Mend**") == 12


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize(("mutant", "words", "shown"), SHOWN, ids=[one[0] for one in SHOWN])
def test_the_report_says_so(mutant: str, words: str, shown: str) -> None:
    program = Path(sys.executable).with_name("injector-conformance")
    subject = [sys.executable, "-m", "mutants", mutant]

    done = subprocess.run(
        [program, *shlex.split(words), "--", *subject], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1, done.stderr
    lines = shown.splitlines()
    failures = re.split(r"(?m)^(?=FAIL  )", GRANTED.sub("", done.stdout))
    told = [one.splitlines() for one in failures if one.splitlines()[0] in lines]
    assert lines == [line for one in told for line in one if line in lines]

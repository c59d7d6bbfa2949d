"""Independent readers find in the vectors what the cases say: GNU tar with gzip, and bsdtar.

The vectors and their expected trees come from the same hands. Where a case leaves no choice, two
readers that know nothing of this project must read the same tree, permission bits aside; where one
of them does not, the case says so in what it tells about others.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from injector_conformance.cases.case import Case, Completes, Conditions
from injector_conformance.host.removal import remove
from injector_conformance.run import catalogue
from injector_conformance.stages.snapshot import take
from injector_conformance.subjects.subject import SYSTEM_PATHS
from injector_fixtures.tree import differences

pytestmark = pytest.mark.needs("bubblewrap", "bsdtar", "gzip", "tar")

OPTIONS: Final = "--no-same-owner --no-same-permissions"
READERS: Final = {
    "GNU tar": f"gzip -dc | tar -x -f - -C /output {OPTIONS}",
    "bsdtar": f"bsdtar -x -f - -C /output {OPTIONS}",
}
CHAPTERS: Final = frozenset(("GZ", "TAR"))
"""Chapters about formats, whose cases do no harm to a reader that gets them wrong."""

DIFFER: Final[dict[str, set[str]]] = {
    "GNU tar": set(),
    "bsdtar": {
        *("tar-key-real-size", "tar-name-backslashes", "tar-name-not-utf-8-pax"),
        *("tar-header-size-1-mib-less-a-byte", "tar-header-size-1-mib"),
    },
}
"""Cases that a reader was seen to read otherwise. Each must be needed."""


def undisputed() -> Iterator[Case]:
    """The cases about formats that allow exactly one tree, in ordinary surroundings."""
    for case in catalogue.load().values():
        chapters = {one.partition("-")[0] for one in case.requirements}
        if (
            chapters <= CHAPTERS
            and case.conditions == Conditions()
            and len(case.expect) == 1
            and isinstance(case.expect[0], Completes)
        ):
            yield case


def reads_alike(script: str, case: Case) -> bool:
    """Whether a reader ends well, with the tree that the case expects."""
    output = Path(tempfile.mkdtemp(prefix="independent-reader-"))
    shown = [word for path in SYSTEM_PATHS if path.exists() for word in _shown(path)]
    try:
        ended = subprocess.run(
            [
                *("bwrap", "--unshare-all", "--die-with-parent", *shown, "--dev", "/dev"),
                *("--bind", str(output), "/output", "--", "sh", "-c", script),
            ],
            input=case.init().payload,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=False,
        )
        expected = case.expect[0]
        assert isinstance(expected, Completes)
        wrong = [
            one for one in differences(expected.tree, take(output).tree()) if not one.is_mode_only
        ]
    finally:
        remove(output)
    return not wrong and ended.returncode == 0


def _shown(path: Path) -> tuple[str, ...]:
    if path.is_symlink():
        return ("--symlink", str(path.readlink()), str(path))
    return ("--ro-bind", str(path), str(path))


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_finds_what_the_cases_say(reader: str, chapter: str) -> None:
    cases = [one for one in undisputed() if one.requirements[0].startswith(f"{chapter}-")]
    with ThreadPoolExecutor(2) as pool:
        alike = pool.map(lambda case: reads_alike(READERS[reader], case), cases)
    differing = {case.id for case, is_alike in zip(cases, alike, strict=True) if not is_alike}

    assert len(cases) > 50
    assert differing == {one for one in DIFFER[reader] if one.startswith(f"{chapter.lower()}-")}


@pytest.mark.parametrize(
    ("reader", "case_id"), [(reader, one) for reader in DIFFER for one in sorted(DIFFER[reader])]
)
def test_a_case_tells_who_reads_it_otherwise(reader: str, case_id: str) -> None:
    assert reader in catalogue.load()[case_id.removesuffix("~control")].others

"""The three injectors read the same archives alike: all kinds, and some mutated ones.

``python -m differential`` does the same with as many as there is time for.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from differential import comparison, kinds, mutation
from differential.injectors import COMPLETED, FAILED, Injector, Program, Reference, Result
from differential.noise import Noise
from native import build

SEED = 20_261_125
MUTATED = 300

RUST = Path(__file__).resolve().parents[1] / "rust"

Payloads = dict[str, bytes]


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Injector:
    """The native injector for this machine."""
    directory = tmp_path_factory.mktemp("native")
    machine = platform.machine()
    assert build.main(["--arch", machine, "-o", str(directory)]) == 0
    return Program("native", directory / f"zarf-injector-{machine}")


@pytest.fixture(scope="module")
def rust() -> Injector:
    """The Rust injector, as whoever works on it has built it last; any recipe will do."""
    machine = platform.machine()
    built = sorted((RUST / "bin").glob(f"*-{machine}/zarf-injector"))
    newest = max((source.stat().st_mtime for source in (RUST / "src").iterdir()), default=0)
    fresh = [path for path in built if path.stat().st_mtime >= newest]
    if not fresh:
        pytest.skip("not built since its sources changed: python reference/rust/ladder.py")
    return Program("rust", fresh[0])


@pytest.fixture(scope="module")
def payloads() -> Payloads:
    """All kinds, and mutated archives."""
    mutated = {f"seed {n}": mutation.payload(Noise(n)) for n in range(SEED, SEED + MUTATED)}
    return {**kinds.kinds(), **mutated}


class Recorded:
    """What an injector made of payloads, to be asked more than once."""

    def __init__(self, injector: Injector, payloads: Payloads) -> None:
        self.name = injector.name
        self.results = injector.extract(list(payloads.values()))

    def extract(self, payloads: Sequence[bytes]) -> list[Result]:
        assert len(payloads) == len(self.results)
        return self.results


@pytest.fixture(scope="module")
def reference(payloads: Payloads) -> Recorded:
    """What the reference makes of them."""
    return Recorded(Reference(), payloads)


def shown(one: Injector, other: Injector, payloads: Payloads) -> list[str]:
    """What two injectors read differently, for people."""
    found = comparison.disagreements([one, other], payloads)
    return [str(odd) for odd in found if odd.name not in comparison.LEFT_OPEN]


@pytest.mark.needs("bubblewrap")
class TestInjectors:
    def test_the_native_one_agrees_with_the_reference(
        self, reference: Recorded, native: Injector, payloads: Payloads
    ) -> None:
        assert shown(reference, native, payloads) == []

    def test_the_one_in_rust_agrees_with_the_reference(
        self, reference: Recorded, rust: Injector, payloads: Payloads
    ) -> None:
        assert shown(reference, rust, payloads) == []


def test_the_payloads_are_both_accepted_and_refused(reference: Recorded) -> None:
    outcomes = [result.outcome for result in reference.results]

    assert set(outcomes) == {COMPLETED, FAILED}
    assert min(outcomes.count(COMPLETED), outcomes.count(FAILED)) > len(outcomes) // 5


def test_what_is_left_open_is_a_kind() -> None:
    assert comparison.LEFT_OPEN.keys() <= kinds.kinds().keys()


class Fake:
    """An injector that makes the same of everything."""

    def __init__(self, name: str, outcome: str, **files: bytes) -> None:
        self.name = name
        tree = {name.encode(): ("file", 0o755, content) for name, content in files.items()}
        self._result = Result(outcome, tree if outcome == COMPLETED else None, "")

    def extract(self, payloads: Sequence[bytes]) -> list[Result]:
        return [self._result for _ in payloads]


class TestComparison:
    @pytest.mark.parametrize(
        "other",
        [
            Fake("other", FAILED),
            Fake("other", COMPLETED),
            Fake("other", COMPLETED, f=b"2"),
            Fake("other", "died: -11"),
        ],
        ids=["outcome", "missing", "content", "death"],
    )
    def test_a_difference_is_found(self, other: Injector) -> None:
        one: Injector = Fake("one", COMPLETED, f=b"1")

        assert len(list(comparison.disagreements([one, other], {"payload": b""}))) == 1

    def test_the_same_death_is_no_agreement(self) -> None:
        dead: tuple[Injector, ...] = Fake("one", "died: -11"), Fake("other", "died: -11")

        assert list(comparison.disagreements(dead, {"payload": b""})) != []

    def test_the_same_is_no_difference(self) -> None:
        alike: tuple[Injector, ...] = (
            Fake("one", COMPLETED, f=b"1"),
            Fake("other", COMPLETED, f=b"1"),
        )

        assert list(comparison.disagreements(alike, {"payload": b""})) == []


def test_a_program_that_hangs_is_stopped(tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    source = tmp_path / "hang.c"
    source.write_text("int main(void) { for (;;); }\n")
    subprocess.run([compiler, "-static", "-o", tmp_path / "hang", source], check=True)

    results = Program("hang", tmp_path / "hang", seconds=0.3).extract([b""])

    assert [result.outcome for result in results] == ["died: late"]

"""The Rust injector that serves: what the other two that serve are asked, and what is its own."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from native.tests import unsent
from native.tests.test_native_unified import Served
from native.tests.test_native_unified import TestBlobs as _TestBlobs
from native.tests.test_native_unified import TestManifests as _TestManifests
from tests import served_samples as samples
from tests import unified_process

# These are collected here, too, and run on the Rust program.
from tests.test_unified_clients import (  # noqa: F401
    TestClients,
    test_a_shortage_of_descriptors_passes,
    test_nobody_asking_takes_no_time,
    test_sixteen_pull_a_large_blob_and_the_probe_does_not_wait,
)
from tests.test_unified_connections import TestOneConnection  # noqa: F401
from tests.test_unified_layouts import (  # noqa: F401
    TestEarlierTree,
    test_a_payload_that_is_no_layout_is_served_empty,
    test_links_in_the_place_of_blobs_lead_nowhere,
    test_what_is_wrong_in_a_descriptor_hides_no_other,
)
from tests.test_unified_life import (  # noqa: F401
    test_a_log_that_nobody_reads_changes_nothing,
    test_a_signal_ends_the_serving,
    test_it_can_be_started_again_at_once,
    test_nobody_is_answered_before_everything_is_there,
)
from tests.test_unified_serving import (  # noqa: F401
    TestRoot,
    test_no_path_leads_to_anything_but_a_blob,
    test_other_methods_are_not_allowed,
    test_tags_are_listed,
)
from tests.unified_process import serving, started

RUST = Path(__file__).resolve().parents[1] / "rust"

pytestmark = pytest.mark.usefixtures("rust")


@pytest.fixture(scope="module")
def rust() -> Iterator[tuple[str, ...]]:
    """Have the Rust program started where the reference would be, as it was built last."""
    built = sorted((RUST / "bin").glob(f"*-{platform.machine()}/zarf-injector-unified"))
    newest = max(source.stat().st_mtime for source in (RUST / "src").iterdir())
    fresh = [path for path in built if path.stat().st_mtime >= newest]
    if not fresh:
        pytest.skip("not built since its sources changed: python reference/rust/ladder.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unified_process, "COMMAND", (str(fresh[0]),))
        yield (str(fresh[0]),)


@pytest.fixture(scope="module")
def one(rust: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process that many tests ask, which must not end it."""
    assert rust == unified_process.COMMAND
    with serving(samples.INIT, tmp_path_factory.mktemp("served")) as process:
        yield Served(process.popen, process.port)
        assert process.popen.poll() is None


@pytest.fixture(scope="module")
def served(one: Served) -> Served:
    """The same, as the tests of the reference's server call it."""
    return one


class TestManifests(_TestManifests):
    """There is no ETag, as in the native program's answers."""


class TestBlobs(_TestBlobs):
    """The same."""


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ((), "usage: "),
        (("",), "the checksum "),
        ((samples.INIT.sha256[:-1], "127.0.0.1:0"), "the checksum "),
        (("0" * 64, "127.0.0.1:0"), "SHA-256 mismatch: "),
        *(
            ((samples.INIT.sha256, text), f"{text}: not an address ")
            for text in ("localhost:5000", "127.0.0.1", "127.0.0.1:65536", "::1:5000", "[::1]", "")
        ),
        ((samples.INIT.sha256, "127.0.0.1:0\n"), "127.0.0.1:0\\n: not an address "),
    ],
)
def test_wrong_arguments_end_it_before_anything_is_written(
    words: tuple[str, ...], cause: str, tmp_path: Path
) -> None:
    with started(samples.INIT, tmp_path, words=words) as popen:
        status, complaint = samples.end(popen)

    assert status == 1
    assert complaint.startswith(f"zarf-injector: {cause}")
    assert complaint.count("\n") == 1
    assert list((tmp_path / "seed").iterdir()) == []


@pytest.mark.parametrize("index", [b"", b"{}", b'{"manifests": [NaN]}', b"[" * 100_000])
def test_a_broken_index_ends_it(index: bytes, tmp_path: Path) -> None:
    with started(samples.GOLDEN.with_index(index).init_directory(), tmp_path) as popen:
        assert samples.end(popen) == (1, "zarf-injector: index.json is not an image index\n")


def test_a_connection_that_answers_nothing_makes_room(tmp_path: Path) -> None:
    """More than the program can have open at once, each of which was idle when the next came."""
    with serving(samples.INIT, tmp_path, beforehand="ulimit -n 64") as process:
        idle = [process.connect() for _ in range(100)]
        try:
            assert process.ask(samples.TAG).status == 200
            assert process.descriptors() <= 64
        finally:
            for stream in idle:
                stream.close()


@pytest.mark.parametrize("refusal", unsent.REFUSALS)
def test_where_sendfile_is_refused_the_same_is_served(
    rust: tuple[str, ...], refusal: int, tmp_path: Path
) -> None:
    unsent.judge(rust, refusal, tmp_path)

"""What is tried with each client: the columns of the table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.clients.client import Ability, By, Reference, Session
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.proxy import Cuts, Proxy
from injector_conformance.clients.sample import AT_ONCE, LARGE, RELAY, SEED, Sample
from injector_conformance.specification.requirement import Level


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a trial takes place.

    Attributes:
        session: the client.
        proxy: where whoever serves is reached.
        sample: what is served.
        directory: for homes of its own.
    """

    session: Session
    proxy: Proxy
    sample: Sample
    directory: Path

    @contextmanager
    def home(self) -> Iterator[Path]:
        """An empty directory, removed at the end."""
        with tempfile.TemporaryDirectory(dir=self.directory, ignore_cleanup_errors=True) as made:
            yield Path(made)

    def pull(self, name: str, by: By = "tag") -> None:
        """Pull an image.

        Raises:
            PullError: it did not come.
        """
        with self.home() as home:
            self.session.pull(self.reference(name, by), home)

    def reference(self, name: str, by: By = "tag") -> Reference:
        """An image as clients call it."""
        return Reference(self.proxy.host, name, self.sample.layout.images[name], by)


@dataclass(frozen=True, slots=True)
class Trial:
    """A column.

    Attributes:
        id: for reports.
        title: the column's heading.
        needs: what a client has to be able to do.
        requirement: what is broken by whoever serves if only it fails.
        level: that requirement's.
        attempt: does it. Raises PullError if the client fails.
    """

    id: str
    title: str
    needs: Ability
    requirement: str
    level: Level
    attempt: Callable[[Scene], None]


def _by_tag(scene: Scene) -> None:
    for name in (SEED, RELAY):
        scene.pull(name)


def _by_digest(scene: Scene) -> None:
    for name in (SEED, RELAY):
        scene.pull(name, "digest")


def _at_once(scene: Scene) -> None:
    with ThreadPoolExecutor(len(AT_ONCE)) as pool:
        for _ in pool.map(scene.pull, AT_ONCE):
            pass


def _tags(scene: Scene) -> None:
    for name in (SEED, RELAY):
        with scene.home() as home:
            scene.session.tags(scene.reference(name), home)


def _cut(count: int) -> Callable[[Scene], None]:
    """Pull a large image while connections are cut ``count`` times, evenly spread."""

    def attempt(scene: Scene) -> None:
        large = scene.sample.large
        places = tuple(large.size * one // (count + 1) for one in range(1, count + 1))
        cuts = scene.proxy.cuts = Cuts(large.digest, places)
        try:
            scene.pull(LARGE)
        finally:
            scene.proxy.cuts = Cuts()
        if cuts.left:
            raise PullError(f"{cuts.left} of {count} cuts met no answer: was it pulled at all?")

    return attempt


TRIALS: Final[Sequence[Trial]] = (
    Trial("tag", "by tag", "pull", "CTR-6", Level.MUST, _by_tag),
    Trial("digest", "by digest", "pull", "CTR-6", Level.MUST, _by_digest),
    Trial("at-once", "8 at once", "pull", "HTTP-18", Level.MUST, _at_once),
    Trial("tags", "list tags", "tags", "NAMES-12", Level.SHOULD, _tags),
    Trial("cut-1", "1 cut", "resume", "HTTP-16", Level.SHOULD, _cut(1)),
    Trial("cut-3", "3 cuts", "resume", "HTTP-16", Level.SHOULD, _cut(3)),
)

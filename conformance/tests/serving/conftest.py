"""Guests of benchmarks: servers in the real sandbox, on small layouts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.serving.contestants import injector, subject
from injector_conformance.bench.serving.guests import Guest, House, opened
from injector_conformance.bench.serving.layouts import Served, of_sizes
from injector_conformance.host.removal import remove

ServerMaker = Callable[..., Contestant]
HouseMaker = Callable[..., House]

SMALL = 4096

_SERVER = """\
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = b"" if self.path == "/v2/" else b"x" * {size}
        self.send_response(200 if self.path == "/v2/" else {status})
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
{before}
http.server.ThreadingHTTPServer(("0.0.0.0", 5000), Handler).serve_forever()
"""


@pytest.fixture
def reference() -> Contestant:
    """The reference of the profile."""
    return subject([sys.executable, "-m", "zarf_injector.unified"])


@pytest.fixture
def server(tmp_path: Path) -> ServerMaker:
    """Makes a server that looks at no payload: of what status and size its answers are."""

    def make(
        status: int = 200, size: int = SMALL, before: str = "", number: int = 1
    ) -> Contestant:
        path = tmp_path / f"server-{number}.py"
        path.write_text(_SERVER.format(status=status, size=size, before=before))
        return injector([sys.executable, "-P", str(path)], number)

    return make


@pytest.fixture
def served() -> Served:
    """A layout with a layer of four KiB."""
    return of_sizes(SMALL)


@pytest.fixture
def house(work: Path, served: Served) -> Iterator[HouseMaker]:
    """Makes sandboxes for contestants, which serve the small layout."""
    houses = work / "houses"
    houses.mkdir()
    with ExitStack() as stack:

        def make(*contestants: Contestant) -> House:
            place = houses / str(len(list(houses.iterdir())))
            made = opened(contestants, place, 20, stack)
            made.use(served)
            return made

        yield make
    remove(houses)


@pytest.fixture
def visited(house: HouseMaker) -> Callable[..., None]:
    """Lets one contestant serve, and something be done with it."""

    def visit(contestant: Contestant, use: Callable[[Guest], None]) -> None:
        house(contestant).alone(contestant, use)

    return visit

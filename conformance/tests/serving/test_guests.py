"""Guests: who serves is there as long as it is needed, and who does not is told why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.serving import loads
from injector_conformance.bench.serving.contestants import CONTROL, PEERS, find, injector
from injector_conformance.bench.serving.guests import Guest
from injector_conformance.bench.serving.layouts import Served
from injector_conformance.bench.serving.measures import idle, start
from injector_conformance.bench.serving.processes import processor_seconds
from injector_conformance.bench.stopwatch import RunError
from injector_fixtures.oci.layout import Layout
from tests.serving.conftest import SMALL, HouseMaker, ServerMaker

Visit = Callable[..., None]


def nothing(_: Guest) -> None:
    """Done with a guest that is not to come to serve."""


def test_it_is_ready_when_it_answers_and_not_before(visited: Visit, server: ServerMaker) -> None:
    late = server(before="import time; time.sleep(0.3)")
    seconds: list[float] = []

    visited(late, lambda guest: seconds.append(guest.ready))

    assert 0.3 < seconds[0] < 3


def test_all_serve_at_the_same_time_each_in_a_network_of_its_own(
    house: HouseMaker, reference: Contestant, server: ServerMaker, served: Served
) -> None:
    other = server()
    counts = {}

    def use(guests: Sequence[Guest]) -> None:
        for guest in guests:
            pulled = loads.pull(guest, served.blob(SMALL), SMALL, clients=2, pulls=3)
            counts[guest.contestant.id] = pulled.count

    house(reference, other).together([reference, other], use)

    assert counts == {"subject": 6, "injector-1": 6}


def test_who_does_not_come_to_serve_is_left_out_and_told_why(
    house: HouseMaker, reference: Contestant, server: ServerMaker
) -> None:
    broken = server(before="sys.exit('no port today')")
    made = house(broken, reference)
    seen: list[str] = []

    made.together(
        [broken, reference], lambda guests: seen.extend(one.contestant.id for one in guests)
    )

    assert seen == ["subject"]
    assert "no port today" in made.failures["injector-1"]


def test_alone_it_is_an_error_not_to_come_to_serve(visited: Visit, server: ServerMaker) -> None:
    with pytest.raises(RunError, match="no port today"):
        visited(server(before="sys.exit('no port today')"), nothing)


def test_who_ends_while_it_serves_is_told_of(visited: Visit, server: ServerMaker) -> None:
    ends = server(before="import threading, os; threading.Timer(0.5, os._exit, [0]).start()")

    def use(guest: Guest) -> None:
        guest.live.ended(5)
        guest.process_ids()

    with pytest.raises(RunError, match="has ended while it served"):
        visited(ends, use)


def test_memory_and_processor_time_are_the_server_s(
    visited: Visit, server: ServerMaker, served: Served
) -> None:
    held = server(before="held = b'x' * (64 << 20)", number=2)
    few: dict[str, float] = {}
    many: dict[str, float] = {}

    def use(found: dict[str, float]) -> Callable[[Guest], None]:
        return lambda guest: found.update(
            peak=start(guest, served)["size"],
            idle=idle(guest, served)["size"],
            cpu=processor_seconds(guest.process_ids()),
        )

    visited(server(), use(few))
    visited(held, use(many))

    for name in ("peak", "idle"):
        assert 63 << 20 < many[name] - few[name] < 72 << 20
    assert 0 < few["cpu"] < 5


@pytest.mark.needs("nginx", "docker-registry")
class TestPeers:
    @pytest.mark.parametrize("peer", [peer.id for peer in PEERS])
    def test_a_peer_gives_what_is_asked_for(
        self, visited: Visit, served: Served, peer: str
    ) -> None:
        found = {one.id: one for one in find([peer])[0]}
        counts = []

        def use(guest: Guest) -> None:
            size = served.layout.images["library/registry:3.1.1"].manifest.size
            for target, least in ((served.blob(SMALL), SMALL), (served.tagged, size)):
                counts.append(loads.pull(guest, target, least, clients=1, pulls=1).count)

        visited(found[peer], use)

        assert counts == [1, 1]

    @pytest.mark.parametrize("peer", [peer.id for peer in PEERS])
    def test_a_peer_verifies_the_checksum(
        self, house: HouseMaker, served: Served, monkeypatch: pytest.MonkeyPatch, peer: str
    ) -> None:
        right = served.layout.init_directory()
        other = replace(right, payload=right.payload + b"more")
        monkeypatch.setattr(Layout, "init_directory", lambda _: other)
        found = {one.id: one for one in find([peer])[0]}

        with pytest.raises(RunError, match="did not serve"):
            house(found[peer]).alone(found[peer], nothing)

    def test_the_control_is_always_there(self) -> None:
        assert CONTROL in [one.id for one in find(["docker-registry"])[0]]


def test_an_injector_is_called_as_the_profile_says(visited: Visit) -> None:
    """That is: with a checksum and an address, as a pod's user."""
    told = injector(
        [sys.executable, "-P", "-c", "import os, sys; sys.exit(str((os.getuid(), sys.argv[2:])))"],
        1,
    )

    with pytest.raises(RunError, match=r"\(1000, \['0.0.0.0:5000'\]\)"):
        visited(told, nothing)

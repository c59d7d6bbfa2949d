"""ARG: arguments and roots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Argument, Case, Conditions, Fails
from injector_conformance.chapters.arguments import surroundings
from injector_conformance.chapters.serving import (
    NAME,
    TAG,
    case,
    control,
    plain,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.steps import Address, Ask, Open, Step

_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")


def _at(address: Address) -> tuple[Step, ...]:
    """A pull at an address."""
    return tuple(replace(one, address=address) if isinstance(one, Ask) else one for one in _PULLS)


def _nobody(host: str, port: int = 5000) -> Open:
    return Open(f"{host}:{port}", Address(host, port), is_refused=True)


def _bound(
    word: str,
    title: str,
    argument: str,
    address: Address,
    *steps: Step,
    promise: str = "ARG-2",
) -> Case:
    return case(
        f"arg-{word}",
        title,
        promise,
        "what is served to nobody in particular is served to everybody on the node's network",
        "Zarf v0.65.0, v0.79.0",
        conditions=Conditions(address=argument),
        exchange=Exchange((*_at(address), *steps), address=address),
    )


def _addresses() -> Iterator[Case]:
    usual, other = Address(), Address("127.0.0.2")
    six, port = Address("::1"), Address(port=5001)
    yield _bound("one", "the checksum alone", "", usual, promise="ARG-1")
    yield _bound(
        "one-everywhere", "the checksum alone; asked elsewhere", "", other, promise="ARG-1"
    )
    yield _bound("two", "checksum and address", "0.0.0.0:5000", usual, promise="ARG-1")
    yield _bound(
        "two-other-port",
        "another port, and nobody on the usual one",
        "0.0.0.0:5001",
        port,
        _nobody("127.0.0.1"),
        promise="ARG-1",
    )
    yield _bound("every-address", "0.0.0.0, asked at 127.0.0.2", "0.0.0.0:5000", other)
    yield _bound(
        "loopback",
        "127.0.0.1, and nobody at 127.0.0.2",
        "127.0.0.1:5000",
        usual,
        _nobody("127.0.0.2"),
    )
    yield _bound(
        "second-loopback",
        "127.0.0.2, and nobody at 127.0.0.1",
        "127.0.0.2:5000",
        other,
        _nobody("127.0.0.1"),
    )
    yield _bound("low-port", "port 1024", "0.0.0.0:1024", Address(port=1024), _nobody("127.0.0.1"))
    yield _bound("high-port", "port 65535", "0.0.0.0:65535", Address(port=65535))
    yield _bound("ipv6", "[::1]", "[::1]:5000", six, _nobody("127.0.0.1"))
    yield _bound("ipv6-every", "[::]", "[::]:5000", six)
    yield _bound(
        "ipv6-port", "[::] and another port", "[::]:5001", Address("::1", 5001), _nobody("::1")
    )
    for word, host in (("localhost", "localhost"), ("upper-case", "LOCALHOST")):
        yield _bound(
            f"host-name-{word}",
            f"a host name for the address: {host}",
            f"{host}:5000",
            usual,
            promise="ARG-8",
        )
    yield _bound("ipv6-long", "an IPv6 address written out", "[0:0:0:0:0:0:0:1]:5000", six)


def _absent() -> Iterator[Case]:
    for word, conditions in (
        ("missing", Conditions()),
        ("missing-process-1", Conditions(as_pid_1=True)),
        ("missing-pod", Conditions(user="pod", root="read-only")),
        ("missing-no-variables", Conditions(environment="none")),
    ):
        yield case(
            f"arg-{word}",
            f"no argument at all: {word.replace('-', ' ')}",
            "ARG-3",
            "an end with status 0 is taken for a start that went well",
            "Zarf (a pod counts as ready when it has succeeded)",
            argument=Argument.ABSENT,
            conditions=conditions,
            expect=(Fails(untouched=True),),
            control=control(),
        )
    for word, text in (
        ("word", "nonsense"),
        ("port-alone", "5000"),
        ("host-alone", "127.0.0.1"),
        ("no-port", "127.0.0.1:"),
        ("port-of-letters", "127.0.0.1:port"),
        ("port-too-high", "127.0.0.1:65536"),
        ("port-below-zero", "127.0.0.1:-1"),
        ("bracket-open", "[::1:5000"),
        ("number-too-high", "256.0.0.1:5000"),
        ("space-behind", "127.0.0.1:5000 "),
        ("url", "tcp://127.0.0.1:5000"),
        ("five-parts", "1.2.3.4.5:5000"),
    ):
        yield case(
            f"arg-address-{word}",
            f"an address that is none: {text!r}",
            "ARG-4",
            "a mistake on the command line is to be found before the work",
            "SPEC.md, ARG-4",
            conditions=Conditions(address=text),
            expect=(Fails(untouched=True),),
            control=replace(control(), conditions=Conditions()),
        )


CASES: Final[tuple[Case, ...]] = (*_addresses(), *_absent(), *surroundings.CASES)

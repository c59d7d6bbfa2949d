"""ARG: arguments and roots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from injector_conformance.case import Argument, Case, Completes, Conditions, Fails
from injector_conformance.chapters.serving import (
    NAME,
    OK,
    TAG,
    asks,
    case,
    control,
    packed,
    plain,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import Address, Ask, Open, Step
from injector_fixtures import tree
from injector_fixtures.layout import Entry, File, Folder, InitDirectory

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


def _elsewhere() -> InitDirectory:
    """Nothing in the init directory itself; the checksum is the payload's."""
    return InitDirectory({}, packed(plain).payload)


def _below(folder: bytes) -> dict[bytes, Entry]:
    chunks = packed(plain).entries
    return {folder: Folder(), **{folder + b"/" + name: entry for name, entry in chunks.items()}}


def _trees(folder: bytes, beside: Mapping[bytes, Entry] | None = None) -> tuple[Completes, ...]:
    """The layout below a folder, or nothing in it (EXT-4); ``beside`` lies there anyway."""
    there: dict[bytes, tree.Entry] = {folder: tree.Directory()}
    for name, entry in (beside or {}).items():
        there[name] = tree.regular(entry.content) if isinstance(entry, File) else tree.Directory()
    below = {folder + b"/" + name: entry for name, entry in plain().tree.items()}
    return (Completes({**there, **below}), Completes(there))


_ROOTS: Final = "without them the program can be tried nowhere but in a container"


def _roots() -> Iterator[Case]:
    def made(word: str, title: str, promise: str, **more: Any) -> Case:
        why = _ROOTS if promise == "ARG-5" else "both directories are named from the root"
        return case(f"arg-{word}", title, promise, why, "zarf-injector v0.2.0", *_PULLS, **more)

    inside = ("ZARF_INJECTOR_INIT_ROOT", "/zarf-seed/in")
    outside = ("ZARF_INJECTOR_SEED_ROOT", "/zarf-seed/out")
    yield made(
        "init-root",
        "the chunks lie where ZARF_INJECTOR_INIT_ROOT says",
        "ARG-5",
        init=_elsewhere,
        conditions=Conditions(variables=(inside,), existing=_below(b"in")),
    )
    yield made(
        "seed-root",
        "the tree goes where ZARF_INJECTOR_SEED_ROOT says",
        "ARG-5",
        conditions=Conditions(variables=(outside,), existing={b"out": Folder()}),
        expect=_trees(b"out"),
    )
    yield made(
        "both-roots",
        "both at once",
        "ARG-5",
        init=_elsewhere,
        conditions=Conditions(
            variables=(inside, outside), existing={**_below(b"in"), b"out": Folder()}
        ),
        expect=_trees(b"out", _below(b"in")),
    )
    yield made(
        "root-with-slash",
        "a root that ends in a slash",
        "ARG-5",
        init=_elsewhere,
        conditions=Conditions(
            variables=(("ZARF_INJECTOR_INIT_ROOT", "/zarf-seed/in/"),), existing=_below(b"in")
        ),
    )
    yield made(
        "empty-roots",
        "both are set, to nothing",
        "ARG-5",
        conditions=Conditions(
            variables=(("ZARF_INJECTOR_INIT_ROOT", ""), ("ZARF_INJECTOR_SEED_ROOT", ""))
        ),
    )
    decoy: dict[bytes, Entry] = {
        b"wd": Folder(),
        b"wd/zarf-payload-000": File(b"decoy"),
        b"wd/zarf-payload-999": File(b"decoy"),
    }
    for word, directory in (("root", "/"), ("other", "/canary"), ("output", "/zarf-seed")):
        yield made(
            f"directory-{word}",
            f"started in {directory}",
            "ARG-6",
            conditions=Conditions(directory=directory),
        )
    yield made(
        "directory-with-chunks",
        "started in a directory with other chunks",
        "ARG-6",
        conditions=Conditions(directory="/zarf-seed/wd", existing=decoy),
    )


def _variables() -> Iterator[Case]:
    service = {
        "HOST": "10.43.0.7",
        "PORT": "5000",
        "PORT_5000_TCP": "tcp://10.43.0.7:5000",
        "PORT_5000_TCP_ADDR": "10.43.0.7",
        "PORT_5000_TCP_PORT": "5000",
        "PORT_5000_TCP_PROTO": "tcp",
    }
    links = (
        ("ZARF_INJECTOR_SERVICE_HOST", "10.43.0.7"),
        ("ZARF_INJECTOR_SERVICE_PORT", "5000"),
        ("ZARF_INJECTOR_PORT", "tcp://10.43.0.7:5000"),
        *((f"ZARF_INJECTOR_{name}", value) for name, value in service.items() if "TCP" in name),
    )
    for word, variables, title in (
        ("links", links, "the variables of its own Service"),
        (
            "many-links",
            tuple((f"SERVICE_{n}_PORT", f"tcp://10.43.0.{n % 250}:80") for n in range(30)),
            "the variables of thirty Services",
        ),
        (
            "settings",
            (
                *(("PORT", "1"), ("HOST", "192.0.2.1"), ("ADDR", "192.0.2.1:1"), ("BIND", "x")),
                *(("LISTEN_ADDR", "192.0.2.1:1"), ("REGISTRY_HTTP_ADDR", "192.0.2.1:1")),
            ),
            "variables that other programs take their address from",
        ),
        (
            "roots-of-others",
            (("INIT_ROOT", "/nowhere"), ("SEED_ROOT", "/nowhere"), ("ZARF_INIT", "/nowhere")),
            "variables whose names resemble those of the roots",
        ),
        (
            "proxies",
            (("HTTP_PROXY", "http://192.0.2.1:1"), ("http_proxy", "x"), ("NO_PROXY", "")),
            "the variables of a proxy",
        ),
        (
            "places",
            (("HOME", "/nowhere"), ("TMPDIR", "/nowhere"), ("PWD", "/nowhere"), ("TZ", "x")),
            "variables that name places that are not there",
        ),
        ("language", (("LANG", "xx_XX.none"), ("LC_ALL", "tr_TR.UTF-8")), "a language"),
        ("activation", (("LISTEN_FDS", "1"), ("LISTEN_PID", "1")), "sockets that nobody passed"),
    ):
        yield case(
            f"arg-variables-{word}",
            title,
            "ARG-7",
            "Kubernetes puts variables for every Service of the namespace into every pod",
            "Kubernetes, Service, Environment variables",
            asks(get("/v2/"), OK),
            *_PULLS,
            conditions=Conditions(variables=variables),
        )


CASES: Final[tuple[Case, ...]] = (*_addresses(), *_absent(), *_roots(), *_variables())

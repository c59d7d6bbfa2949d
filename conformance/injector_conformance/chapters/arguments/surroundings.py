"""Where the directories are, and what variables must not change (ARG-5 to ARG-7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from injector_conformance.cases.case import Case, Completes, Conditions
from injector_conformance.chapters.serving import (
    NAME,
    OK,
    TAG,
    asks,
    case,
    packed,
    plain,
    pulls,
)
from injector_conformance.exchange.requests import get
from injector_fixtures import tree
from injector_fixtures.layout import Entry, File, Folder, InitDirectory

_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")


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


CASES: Final[tuple[Case, ...]] = (*_roots(), *_variables())

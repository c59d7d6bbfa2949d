"""What is not a chunk, and a directory without any (PAY-4, PAY-5)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Argument, Case, Conditions
from injector_conformance.chapters.payload.sample import CONTROL, PAYLOAD, TREE, control_for, named
from injector_conformance.chapters.recipes import FAILS_UNTOUCHED, completes
from injector_fixtures.layout import Entry, Fifo, File, Folder, InitDirectory, Link, Socket

_NOISE: Final = File(b"this is no part of the payload\n")
_CONTRACT: Final = "stage1 pattern zarf-payload-*"


def _ignored(
    identity: str,
    title: str,
    beside: dict[bytes, Entry],
    *,
    why: str = "what lies beside the chunks gets into the payload",
    origin: str = _CONTRACT,
    conditions: Conditions | None = None,
) -> Case:
    return Case(
        id=f"pay-ignores-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("PAY-4",),
        init=named(b"000", b"001", beside=beside),
        expect=completes(TREE),
        control=control_for(conditions),
        conditions=conditions or Conditions(),
    )


def _missing(
    identity: str,
    title: str,
    entries: dict[bytes, Entry],
    argument: Argument = Argument.MATCHING,
) -> Case:
    return Case(
        id=f"pay-none-{identity}",
        title=title,
        why="a pod whose volumes are missing goes on, and a program is missing later",
        origin="catalogue K06",
        requirements=("PAY-5",),
        init=lambda: InitDirectory(entries, b""),
        expect=FAILS_UNTOUCHED,
        argument=argument,
        control=CONTROL,
    )


_NEAR_NAMES: Final = tuple(
    _ignored(f"name-{identity}", f"{name.decode()} is no chunk", {name: _NOISE}, origin=origin)
    for identity, name, origin in (
        ("without-hyphen", b"zarf-payload", "catalogue K08"),
        ("capitalised", b"Zarf-Payload-000", "catalogue K08"),
        ("upper-case", b"ZARF-PAYLOAD-000", "catalogue K08"),
        ("hidden", b".zarf-payload-000", "catalogue K08"),
        ("prefixed", b"xzarf-payload-000", "catalogue K08"),
        ("underscored", b"zarf_payload_000", _CONTRACT),
        ("dotted", b"zarf-payload.000", _CONTRACT),
        ("plural", b"zarf-payloads-000", _CONTRACT),
        ("spaced", b" zarf-payload-000", _CONTRACT),
        ("misspelt", b"zarf-paylod-000", _CONTRACT),
    )
)

_OTHER_ENTRIES: Final = (
    _ignored("readme", "a README and notes", {b"README": _NOISE, b"zz-notes": _NOISE}),
    _ignored(
        "subdirectory",
        "a subdirectory that holds files with the names of chunks",
        {
            b"store": Folder(),
            b"store/zarf-payload-000": _NOISE,
            b"store/zarf-payload-0005": _NOISE,
        },
        why="a reader that descends joins what a volume keeps for itself",
        origin="catalogue K08",
    ),
    _ignored(
        "directory-without-hyphen",
        "a directory zarf-payload with a chunk in it",
        {b"zarf-payload": Folder(), b"zarf-payload/zarf-payload-000": _NOISE},
    ),
    _ignored(
        "dangling-link",
        "a link of another name that leads nowhere",
        {b"notes": Link(b"gone")},
        why="an injector that looks at every entry stops at one that is none of its business",
    ),
    _ignored(
        "fifo",
        "a FIFO of another name",
        {b"control": Fifo(), b"zarf-payload": Fifo()},
        why="an injector that opens every entry waits for ever",
    ),
    _ignored(
        "socket",
        "a socket of another name",
        {b"agent": Socket()},
        why="an injector that opens every entry stops at one that is none of its business",
    ),
    _ignored(
        "closed-directory",
        "a directory of another name that nobody may enter",
        {b"lost+found": Folder(0o000)},
        why="volumes bring such directories; a walk through everything stops there",
        conditions=Conditions(user="pod"),
    ),
    _ignored(
        "unreadable-file",
        "a file of another name that may not be read",
        {b"secret": File(b"secret\n", 0o000)},
        why="an injector that opens every entry stops at one that is none of its business",
        conditions=Conditions(user="pod"),
    ),
)

_NEAR: Final[dict[bytes, Entry]] = {
    b"zarf-payload": File(PAYLOAD),
    b"Zarf-Payload-000": File(PAYLOAD),
    b".zarf-payload-000": File(PAYLOAD),
    b"xzarf-payload-000": File(PAYLOAD),
}

_NOTHING: Final = (
    _missing("empty-directory", "an init directory without any chunk", {}),
    _missing("and-no-argument", "no chunk, and no checksum to miss it by", {}, Argument.NONE),
    _missing("only-near-names", "nothing but names that are nearly right", _NEAR, Argument.NONE),
    _missing(
        "only-in-subdirectory",
        "chunks, but in a subdirectory",
        {b"store": Folder(), b"store/zarf-payload-000": File(PAYLOAD)},
        Argument.NONE,
    ),
)

CASES: Final = (*_NEAR_NAMES, *_OTHER_ENTRIES, *_NOTHING)

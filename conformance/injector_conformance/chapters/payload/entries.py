"""What a chunk may look like as an entry of the init directory (PAY-1, PAY-4, PAY-7)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions, Control
from injector_conformance.chapters.payload.sample import (
    PAYLOAD,
    TREE,
    control_for,
    in_one_chunk,
    named,
)
from injector_conformance.chapters.recipes import Recipe, completes
from injector_fixtures import gzip
from injector_fixtures.layout import (
    PREFIX,
    Entry,
    File,
    Folder,
    InitDirectory,
    Link,
    cut,
    volume,
)

_VOLUME: Final = "Kubernetes, ConfigMap volumes: keys are links through ..data"
_CHUNK: Final = 1050


def _case(
    identity: str,
    title: str,
    init: Recipe,
    *,
    why: str,
    origin: str = _VOLUME,
    requirement: str = "PAY-1",
    conditions: Conditions | None = None,
    control: Control | None = None,
) -> Case:
    return Case(
        id=f"pay-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=(requirement,),
        init=init,
        expect=completes(TREE),
        control=control or control_for(conditions),
        conditions=conditions or Conditions(),
    )


def _entries(entries: dict[bytes, Entry], payload: bytes = PAYLOAD) -> Recipe:
    return lambda: InitDirectory(entries, payload)


def _volume() -> InitDirectory:
    return volume(cut(PAYLOAD, _CHUNK))


def _with_mode(mode: int) -> Recipe:
    return _entries({PREFIX + b"000": File(PAYLOAD, mode)})


_A: Final = PREFIX + b"000"
_B: Final = PREFIX + b"001"
_HEAD, _TAIL = PAYLOAD[:_CHUNK], PAYLOAD[_CHUNK:]
_EMPTY_MEMBER: Final = gzip.member()

_LINKS: Final = (
    _case(
        "volume",
        "chunks as a whole ConfigMap volume shows them: links through ..data",
        _volume,
        why="an injector that wants plain files finds no payload in a pod without subPath",
        origin="catalogue K10",
    ),
    _case(
        "volume-of-one-chunk",
        "a ConfigMap volume with a single key",
        lambda: volume([PAYLOAD]),
        why="an injector that wants plain files finds no payload in a pod without subPath",
        origin="catalogue K10",
    ),
    _case(
        "files-and-links-mixed",
        "one chunk is a plain file, the next one a link",
        _entries({_A: File(_HEAD), b"rest": File(_TAIL), _B: Link(b"rest")}),
        why="a pod may mount one key by subPath and others as a volume",
    ),
    _case(
        "chain-of-links",
        "a chunk that is a link to a link to a link to a file",
        _entries(
            {
                _A: Link(b"one"),
                b"one": Link(b"two"),
                b"two": Link(b"three"),
                b"three": File(PAYLOAD),
            }
        ),
        why="..data is a link itself: following a single step is not enough",
    ),
    _case(
        "link-by-absolute-path",
        "a chunk that is a link with an absolute target",
        _entries(
            {b"store": Folder(), b"store/it": File(PAYLOAD), _A: Link(b"/zarf-stage1/store/it")}
        ),
        why="a target that is joined to the directory's name leads nowhere",
    ),
    _case(
        "link-through-parent",
        "a chunk that is a link with .. in its target",
        _entries({b"store": Folder(), b"it": File(PAYLOAD), _A: Link(b"store/../it")}),
        why="confinement belongs to the archive's names; chunks are trusted to be where they are",
    ),
    _case(
        "links-cross",
        "chunk 000 leads to a file 001 and chunk 001 to a file 000: the links' names count",
        _entries(
            {
                b"store": Folder(),
                b"store/001": File(_HEAD),
                b"store/000": File(_TAIL),
                _A: Link(b"store/001"),
                _B: Link(b"store/000"),
            }
        ),
        why="a reader that resolves links before it sorts joins in the targets' order",
        requirement="PAY-2",
    ),
    _case(
        "two-links-to-one-file",
        "two chunks that are links to the same file: it is joined twice",
        _entries(
            {
                b"empty-member": File(_EMPTY_MEMBER),
                PREFIX + b"0": Link(b"empty-member"),
                PREFIX + b"1": Link(b"empty-member"),
                PREFIX + b"2": File(PAYLOAD),
            },
            _EMPTY_MEMBER * 2 + PAYLOAD,
        ),
        why="a reader that drops what it takes for duplicates changes the payload",
        control=in_one_chunk(_EMPTY_MEMBER * 2 + PAYLOAD, "GZ-3"),
    ),
)

_SUFFIXES: Final = tuple(
    _case(
        f"suffix-{identity}",
        title,
        named(*suffixes),
        why="a rule for good suffixes is one more thing for packer and injector to disagree about",
        origin=origin,
        requirement="PAY-4",
    )
    for identity, title, origin, *suffixes in (
        ("bak", "zarf-payload-000.bak is a chunk", "catalogue K09", b"000", b"000.bak"),
        ("none", "a bare zarf-payload- is a chunk", "catalogue K13", b"", b"000"),
        ("backup-tilde", "zarf-payload-000~ is a chunk", "stage1 pattern", b"000", b"000~"),
        ("letters", "suffixes without any digit", "stage1 pattern", b"alpha", b"beta"),
        (
            "hyphens",
            "zarf-payload-- and zarf-payload--- are chunks",
            "stage1 pattern",
            b"-",
            b"--",
        ),
        ("space", "suffixes with spaces", "stage1 pattern", b" ", b" 1", b"a b"),
        ("newline", "a suffix with a newline", "stage1 pattern", b"0\n0", b"1"),
        ("glob", "suffixes of glob characters", "stage1 pattern", b"*", b"?", b"[0-9]"),
        ("backslash", "a suffix with a backslash", "stage1 pattern", b"\\", b"\\0"),
        ("long", "a name of 255 bytes", "POSIX.1-2017, NAME_MAX", b"0" * 242, b"1"),
    )
)

_NOT_UTF_8: Final = tuple(
    _case(
        f"name-{identity}",
        title,
        named(*suffixes),
        why="a reader of text passes over such a chunk, and the payload has a hole",
        origin="catalogue K12",
        requirement="PAY-7",
    )
    for identity, title, *suffixes in (
        ("not-utf-8", "a chunk whose name has the byte ff", b"000", b"\xff"),
        ("latin-1", "a chunk whose name is Latin-1", b"caf\xe9", b"d"),
        ("truncated-utf-8", "a chunk whose name ends amid a UTF-8 sequence", b"a\xe2\x82", b"b"),
        (
            "surrogate",
            "a chunk whose name encodes a lone surrogate",
            b"\xed\xa0\x80",
            b"\xee\x80\x80",
        ),
        (
            "high-bytes-order",
            "chunks 7f, 80 and ff: bytes are unsigned",
            b"\x7f",
            b"\x80",
            b"\xff",
        ),
    )
)

_MODES: Final = (
    _case(
        "chunk-read-only",
        "a chunk of mode 0444",
        _with_mode(0o444),
        why="a reader that opens for writing fails on what a volume shows",
    ),
    _case(
        "chunk-executable",
        "a chunk of mode 0777, as the injector's own ConfigMap has it",
        _with_mode(0o777),
        why="modes are not the injector's to judge",
    ),
    _case(
        "volume-of-another-user",
        "a volume whose keys belong to another user",
        _volume,
        why="user 1000 owns nothing in a ConfigMap volume and may read all of it",
        conditions=Conditions(user="pod"),
    ),
)

CASES: Final = (*_LINKS, *_SUFFIXES, *_NOT_UTF_8, *_MODES)

"""EXT: what differs in extraction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final, Literal

from injector_conformance.cases.case import Case, Completes, Conditions
from injector_conformance.chapters.serving import (
    NAME,
    NOT_FOUND,
    SERVES,
    SERVES_OR_FAILS,
    TAG,
    asks,
    case,
    control,
    image,
    manifest,
    manifest_path,
    packed,
    plain,
    pulls,
)
from injector_conformance.exchange.requests import get
from injector_fixtures import gzip, tar
from injector_fixtures.layout import (
    Entry,
    Fifo,
    File,
    Folder,
    InitDirectory,
    Link,
    Socket,
    chunked,
    cut,
    volume,
)
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Blob
from injector_fixtures.oci.layout import Layout, layout

_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")


def _archive(file_mode: int, folder_mode: int) -> InitDirectory:
    made = plain()
    members = [
        tar.directory(b"blobs/", mode=folder_mode),
        tar.directory(b"blobs/sha256/", mode=folder_mode),
        *(
            tar.file(name, one.data, mode=file_mode)
            for name, one, _ in made.files
            if isinstance(one, Blob)
        ),
    ]
    return chunked(gzip.tgz(*members))


_MODES: Final = {
    "as-zarf": (0o600, 0o755),
    "windows": (0o666, 0o777),
    "nothing": (0o000, 0o000),
    "write-only": (0o200, 0o300),
    "read-only": (0o444, 0o555),
    "closed-folders": (0o644, 0o000),
    "closed-files": (0o000, 0o755),
    "set-user-id": (0o4755, 0o755),
    "set-group-id": (0o2755, 0o755),
    "sticky": (0o1644, 0o755),
    "all-bits": (0o7777, 0o755),
    "others-only": (0o007, 0o707),
}


_USERS: Final[tuple[Literal["root", "pod"], ...]] = ("root", "pod")


def _modes() -> Iterator[Case]:
    for word, (file_mode, folder_mode) in _MODES.items():
        for user in _USERS:
            yield case(
                f"ext-mode-{word}-{user}",
                f"files {file_mode:04o}, directories {folder_mode:04o}, as {user}",
                "EXT-1",
                "layers are 0600 in Zarf's payload, and nobody but the injector reads the tree",
                "Zarf v0.55.0, the packer's modes",
                *_PULLS,
                init=partial(_archive, file_mode, folder_mode),
                conditions=Conditions(user=user),
            )
    for mask in (0o000, 0o077, 0o777):
        for user in _USERS:
            yield case(
                f"ext-umask-{mask:03o}-{user}",
                f"a umask of {mask:04o}, as {user}",
                "EXT-1",
                "what the umask takes away cannot be served",
                "umask(2)",
                *_PULLS,
                conditions=Conditions(umask=mask, user=user),
            )


def _timed(mtime: int) -> InitDirectory:
    files = [
        tar.file(name, one.data, mtime=tar.base256(mtime, 12))
        for name, one, _ in plain().files
        if isinstance(one, Blob)
    ]
    return chunked(gzip.tgz(*files))


def _free() -> Iterator[Case]:
    """What is left to the injector: the report tells what it does."""
    for word, mtime in (("beyond-32-bits", 1 << 33), ("before-all-time", -(1 << 40))):
        yield case(
            f"ext-times-{word}",
            f"a pull of files whose time is {word.replace('-', ' ')}",
            "EXT-2",
            "a time that a file cannot have is no reason not to serve it",
            "SPEC.md, EXT-2",
            *_PULLS,
            init=partial(_timed, mtime),
        )
    for user in _USERS:
        yield case(
            f"ext-no-tree-{user}",
            f"a pull from what does not lie in the output directory, as {user}",
            "EXT-4",
            "an injector that serves from the chunks, or from memory, needs no second copy",
            "SPEC.md, EXT-4",
            *_PULLS,
            conditions=Conditions(user=user),
            expect=(Completes({}),),
        )


def _tree(made: Layout, mode: int = 0o644) -> dict[bytes, Entry]:
    return {
        b"blobs": Folder(),
        b"blobs/sha256": Folder(),
        **{name: File(one.data, mode) for name, one, _ in made.files if isinstance(one, Blob)},
    }


def _over() -> Iterator[Case]:
    why = "a container that is started again finds its emptyDir as it left it"
    origin = "Kubernetes, emptyDir; Zarf v0.65.0 (restartPolicy Always)"
    whole = _tree(plain())
    layer = next(
        one for one in image().blobs if isinstance(one, Blob) and "layer" in one.media_type
    )
    path = b"blobs/sha256/" + layer.hexadecimal.encode()
    other = layout({f"{NAME}:{TAG}": samples.seed(name="earlier")})
    existing: dict[str, tuple[dict[bytes, Entry], str]] = {
        "same": (whole, "the same tree"),
        "read-only": (_tree(plain(), 0o444), "the same tree, of read-only files"),
        "closed": (_tree(plain(), 0o000), "the same tree, of closed files"),
        "layer-only": (
            {b"blobs": Folder(), b"blobs/sha256": Folder(), path: File(layer.data[:50])},
            "a layer that was cut short, and nothing else",
        ),
        "cut-short": ({**whole, path: File(layer.data[:-1])}, "a layer without its last byte"),
        "too-long": ({**whole, path: File(layer.data + b"more")}, "a layer with bytes behind it"),
        "other-bytes": ({**whole, path: File(b"x" * layer.size)}, "a layer of other bytes"),
        "empty-index": ({**whole, b"index.json": File(b"")}, "an index.json of no bytes"),
        "other-payload": (_tree(other), "another payload's tree, with the same name"),
        "folders-only": ({b"blobs": Folder(), b"blobs/sha256": Folder()}, "directories alone"),
        "layer-folder": (
            {**{k: v for k, v in whole.items() if k != path}, path: Folder()},
            "a directory in place of a layer",
        ),
        "layer-link": ({**whole, path: Link(b"../../oci-layout")}, "a link in place of a layer"),
        "index-link": (
            {**whole, b"index.json": Link(b"/canary/file")},
            "a link that leads out in place of index.json",
        ),
        "dangling": ({**whole, b"oci-layout": Link(b"nowhere")}, "a link to nowhere"),
        "more": ({**whole, b"more": File(b"x"), b"d": Folder()}, "a tree with more in it"),
    }
    for word, (entries, title) in existing.items():
        expected = image(other).manifest
        gone = asks(get(manifest_path(expected.digest)), NOT_FOUND, manifest(expected))
        yield case(
            f"ext-over-{word}",
            f"started over {title}",
            "EXT-3",
            why,
            origin,
            *_PULLS,
            *((gone,) if word == "other-payload" else ()),
            conditions=Conditions(existing=entries),
            expect=SERVES_OR_FAILS if word == "layer-folder" else SERVES,
            control=control() if word == "layer-folder" else None,
        )
    for user in _USERS:
        yield case(
            f"ext-again-{user}",
            f"started three times over its own tree, as {user}",
            "EXT-3",
            why,
            origin,
            *_PULLS,
            conditions=Conditions(user=user, runs=3),
        )


def _chunks() -> Iterator[Case]:
    payload = packed(plain).payload
    pieces = cut(payload, 500)
    names = ("000", "001", "A", "a", "a b", "~", "\u00e9")

    def plainly() -> InitDirectory:
        step = -(-len(payload) // len(names))
        entries: dict[bytes, Entry] = {
            b"zarf-payload-" + name.encode(): File(payload[n * step : (n + 1) * step])
            for n, name in enumerate(sorted(names, key=str.encode))
        }
        return InitDirectory(entries, payload)

    def with_link(target: bytes) -> InitDirectory:
        whole = chunked(payload, 500)
        return replace(whole, entries={**whole.entries, b"zarf-payload-zzz": Link(target)})

    yield case(
        "ext-chunks-plain",
        "chunks under odd names, as plain files",
        "EXT-5",
        "Zarf mounts each chunk by subPath, as a plain file",
        "Zarf v0.23.0",
        *_PULLS,
        init=plainly,
    )
    yield case(
        "ext-chunks-small",
        f"{len(pieces)} chunks of 500 bytes",
        "EXT-5",
        "Zarf mounts each chunk by subPath, as a plain file",
        "Zarf v0.23.0",
        *_PULLS,
        init=lambda: chunked(payload, 500),
    )
    free = "injectors differ on links; whoever passes over them finds no chunk, and must say so"
    yield case(
        "ext-chunks-linked",
        "all chunks are links, as a whole volume shows them: served, or no chunk",
        "EXT-5",
        free,
        "Kubernetes, ConfigMap volumes; zarf-injector v0.2.0",
        init=lambda: volume(pieces),
        expect=SERVES_OR_FAILS,
        control=control(),
    )
    yield case(
        "ext-chunk-linked-twice",
        "a link to a chunk beside it: a chunk more, or passed over",
        "EXT-5",
        free,
        "zarf-injector v0.2.0",
        init=lambda: with_link(b"zarf-payload-000"),
        expect=SERVES_OR_FAILS,
        control=control(),
    )
    odd: dict[str, tuple[Entry, str]] = {
        "fifo": (Fifo(), "a FIFO that nobody writes to"),
        "socket": (Socket(), "a socket"),
        "folder": (Folder(), "a directory"),
        "closed-folder": (Folder(0o000), "a closed directory"),
        "dangling": (Link(b"nowhere"), "a link to nowhere"),
        "loop": (Link(b"zarf-payload-zzz"), "a link to itself"),
        "link-to-folder": (Link(b"/canary"), "a link to a directory"),
    }
    for word, (entry, title) in odd.items():
        for place in (b"zarf-payload-000-", b"zarf-payload-zzz"):

            def init(entry: Entry = entry, place: bytes = place) -> InitDirectory:
                whole = chunked(payload, 500)
                return replace(whole, entries={**whole.entries, place: entry})

            where = "last" if place.endswith(b"z") else "among-them"
            yield case(
                f"ext-chunk-{word}-{where}",
                f"an entry with a chunk's name is {title}, {where.replace('-', ' ')}",
                "EXT-6",
                "to open a FIFO is to wait for ever",
                "POSIX.1-2017, open(), FIFO; zarf-injector v0.2.0",
                init=init,
                expect=SERVES_OR_FAILS,
                control=control(),
            )


CASES: Final[tuple[Case, ...]] = (*_modes(), *_free(), *_over(), *_chunks())

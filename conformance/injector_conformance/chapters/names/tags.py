"""Lists of tags (NAMES-12), and index.json as JSON and not by its look (NAMES-8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    NAME,
    NOT_FOUND,
    TAG,
    asks,
    case,
    image,
    manifest,
    manifest_path,
    plain,
)
from injector_conformance.exchange.expected import Answer, Document
from injector_conformance.exchange.requests import get
from injector_fixtures.oci import samples
from injector_fixtures.oci.layout import BASE_NAME, Layout

_READ_BY_ITS_LOOK: Final = "index.json is read by its look, and the next writer's looks different"


def _written(word: str, title: str, text: bytes) -> Case:
    return case(
        f"names-json-{word}",
        title,
        "NAMES-8",
        _READ_BY_ITS_LOOK,
        "RFC 8259; OCI image specification 1.1, Image Index",
        asks(get(manifest_path()), manifest(image().manifest)),
        layout=lambda: plain().with_index(text),
    )


def _texts() -> Iterator[Case]:
    index: dict[str, Any] = json.loads(plain().index)
    one: dict[str, Any] = index["manifests"][0]
    turned = {key: index[key] for key in reversed(list(index))}
    turned["manifests"] = [{key: one[key] for key in reversed(list(one))}]
    yield _written("reversed", "members in reverse order", json.dumps(turned).encode())
    yield _written("indented", "over many lines", json.dumps(index, indent=4).encode())
    yield _written("tabs", "tabs and CR LF between members", _spaced(index))
    yield _written(
        "white-end", "white space before and behind", b" \r\n\t" + plain().index + b"\n "
    )
    escaped = plain().index.replace(NAME.encode(), b"library\\u002Fse\\u0065d")
    yield _written("escaped", "a name with escaped characters", escaped)
    slashes = plain().index.replace(NAME.encode(), b"library\\/seed")
    yield _written("escaped-slash", "a name whose slash is escaped", slashes)
    key = plain().index.replace(BASE_NAME.encode(), b"org.opencontainers.image.base\\u002ename")
    yield _written("escaped-key", "the annotation's own name escaped", key)
    unknown = {
        "x-first": [1, {"manifests": [{"annotations": {BASE_NAME: f"{NAME}:{TAG}"}}]}],
        **index,
        "x-last": '}],"manifests":[',
    }
    yield _written(
        "unknown-members", "unknown members with odd content", json.dumps(unknown).encode()
    )
    inside = {
        **one,
        "x": {"digest": "sha256:" + "0" * 64},
        "urls": [],
        "data": "e30=",
        "size": 1.5,
    }
    inside["size"] = one["size"]
    yield _written(
        "unknown-in-descriptor",
        "unknown members in the descriptor, one of them with a digest",
        json.dumps({**index, "manifests": [inside]}).encode(),
    )
    more = {**one, "annotations": {"a": "x", **one["annotations"], "z": "\u00e9\U0001f600"}}
    yield _written(
        "more-annotations",
        "further annotations, before and behind, beyond ASCII",
        json.dumps({**index, "manifests": [more]}, ensure_ascii=False).encode(),
    )
    surrogates = json.dumps({**index, "manifests": [more]}, ensure_ascii=True).encode()
    yield _written("surrogates", "characters as pairs of escaped surrogates", surrogates)
    repeated = {**index, "manifests": [one, {**one, "annotations": {BASE_NAME: "a/b:1"}}]}
    yield _written("digest-twice", "two descriptors of one digest", json.dumps(repeated).encode())
    numbers = {**index, "x": [0, -0.5, 1e300, 10**30, True, None, ""]}
    yield _written("numbers", "numbers of all sorts", json.dumps(numbers).encode())
    deep: object = 1
    for _ in range(60):
        deep = [deep]
    yield _written("deep", "a value of 60 levels", json.dumps({"x": deep, **index}).encode())
    many = [{**one, "annotations": {BASE_NAME: f"many/{n}:1"}} for n in range(2000)]
    yield _written(
        "many-descriptors",
        "2,000 descriptors before the one that is asked for",
        json.dumps({**index, "manifests": [*many, one]}).encode(),
    )
    long = {**one, "annotations": {"x": "y" * 200_000, **one["annotations"]}}
    yield _written(
        "long-text",
        "an annotation of 200,000 characters before the one that matters",
        json.dumps({**index, "manifests": [long]}).encode(),
    )


def _spaced(index: dict[str, Any]) -> bytes:
    return json.dumps(index, indent="\t").encode().replace(b"\n", b"\r\n")


def _lists() -> Iterator[Case]:
    made: Layout = samples.tags_of_one_name()
    tags = tuple(
        name.rpartition(":")[2] for name in made.images if name.rpartition(":")[0] == NAME
    )
    yield case(
        "names-tags",
        "the list of a name's tags",
        "NAMES-12",
        "skopeo inspect and list-tags, and crane ls, ask for it",
        "OCI distribution specification 1.1, end-8a",
        asks(get(f"/v2/{NAME}/tags/list"), Answer((200,), (), Document("tags", tags))),
        layout=samples.tags_of_one_name,
    )
    yield case(
        "names-tags-unknown",
        "the list of tags of a name that the layout has not",
        "NAMES-12",
        "a name that is not there is taken for one without tags",
        "OCI distribution specification 1.1, end-8a",
        asks(get("/v2/library/absent/tags/list"), NOT_FOUND),
        asks(get(f"/v2/{NAME}/tags/list"), Answer((200,), (), Document("tags", (TAG,)))),
    )


CASES: Final[tuple[Case, ...]] = (*_texts(), *_lists())

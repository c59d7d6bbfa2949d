"""The worked exchange of SPEC.md is real: requests, answers and files, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

from injector_conformance.chapters.http import tls
from injector_conformance.chapters.serving import blob_path, content, manifest, manifest_path
from injector_conformance.conversation.reading import Reader
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.events import Answered, Service
from injector_conformance.exchange.expected import Answer, Document, Expected
from injector_conformance.exchange.requests import Request, get, head
from injector_conformance.exchange.steps import Ask
from injector_conformance.judging.answers import complaints
from injector_fixtures.oci.image import artifact, blob
from injector_fixtures.oci.layout import layout

SPEC = Path(__file__).parents[3] / "reference" / "SPEC.md"
NAME, TAG, DATA = "library/seed", "1", b"Hello.\n"
IMAGE = artifact("application/vnd.example.seed", [blob("text/plain", DATA)])
LAYOUT = layout({f"{NAME}:{TAG}": IMAGE})
LAYER = IMAGE.blobs[-1]
ABSENT = manifest_path("2", NAME)

EXCHANGES: list[tuple[Request, Expected]] = [
    (get("/v2/"), Answer((200,))),
    (head(manifest_path(TAG, NAME)), manifest(IMAGE.manifest, is_head=True)),
    (get(manifest_path(IMAGE.digest, NAME)), manifest(IMAGE.manifest)),
    (get(blob_path(LAYER.digest, NAME)), content(DATA, LAYER.digest)),
    (get(ABSENT), Answer((404,), (), Document("errors"))),
]


def section() -> str:
    text = SPEC.read_text(encoding="utf-8")
    return text.partition("### A worked exchange\n")[2].partition("\n## ")[0]


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)
    return [str(one) for one in found]


def test_the_files_are_those_of_the_layout() -> None:
    index, one = blocks("json")
    assert index.encode() == LAYOUT.index + b"\n"
    assert one.encode() == IMAGE.manifest.data + b"\n"


def test_each_request_is_what_the_builder_makes_of_it() -> None:
    asked = [text.replace("\n", "\r\n").encode() for text in blocks("http")[::2]]
    assert asked == [request.encoded for request, _ in EXCHANGES]


def test_each_answer_is_one_that_the_judge_expects() -> None:
    answers = blocks("http")[1::2]
    for (request, expected), text in zip(EXCHANGES, answers, strict=True):
        # The last line end of a body is the block's, but for the body that has one of its own.
        start, _, body = text.partition("\n\n")
        kept = body if body.encode() == DATA else body.removesuffix("\n")
        reader = Reader(request.method)
        reader.feed(start.replace("\n", "\r\n").encode() + b"\r\n\r\n" + kept.encode())
        event = reader.event()
        assert isinstance(event, Answered), text
        service = Service(0.1, (), ((0, event),), has_ended=False, was_told=False)
        exchange = Exchange((Ask(request, (expected,)),))
        assert list(complaints(exchange, service)) == [], text


def test_the_bytes_of_a_client_hello_are_those_of_the_cases() -> None:
    (dump,) = blocks("text")
    shown = bytes.fromhex("".join(line[10:58] for line in dump.splitlines()))
    assert shown == tls.hello()[: len(shown)]

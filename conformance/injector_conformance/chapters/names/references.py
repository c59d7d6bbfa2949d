"""Tags by annotation, digests by blob, media types by manifest (NAMES-1 to NAMES-5, NAMES-7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    NAME,
    NOT_FOUND_OR_BAD,
    TAG,
    LayoutRecipe,
    asks,
    blob_path,
    case,
    content,
    image,
    manifest,
    manifest_path,
    plain,
    pulls,
)
from injector_conformance.exchange.requests import get, head
from injector_fixtures import golden
from injector_fixtures.layout import chunked
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import OCI_MANIFEST, Blob
from injector_fixtures.oci.layout import (
    CHUNK_SIZE,
    Descriptor,
    Layout,
    described,
    descriptor,
    layout,
)

_ZARF: Final = "Zarf v0.28.3: the annotation org.opencontainers.image.base.name"
_OTHER_IMAGE: Final = "another image than the one asked for is started, or none"


def _whole(identifier: str, title: str, promise: str, recipe: LayoutRecipe, why: str) -> Case:
    """Every image of a layout is pulled as a runtime does it."""
    made = recipe()
    steps = [step for name in made.images for step in pulls(made, name)]
    return case(identifier, title, promise, why, _ZARF, *steps, layout=recipe)


def _unpacked_names() -> Iterator[Case]:
    for word, asked, title in (
        ("default-tag", manifest_path("latest"), "a tag that no image has, the usual default"),
        ("empty-tag", manifest_path(""), "no tag at all"),
        ("library-left-out", manifest_path(TAG, "seed"), "the name without its library/"),
        (
            "library-added",
            manifest_path(TAG, f"library/{NAME}"),
            "the name with a second library/",
        ),
        ("upper-case-name", manifest_path(TAG, "Library/Seed"), "the name in other letters"),
        ("upper-case-tag", manifest_path("3.1.1-A"), "a longer tag in upper case"),
        ("tag-cut-short", manifest_path("3.1"), "the beginning of a tag"),
        ("tag-with-suffix", manifest_path(f"{TAG}-zarf-1234567890"), "the tag and Zarf's suffix"),
        ("name-cut-short", manifest_path(TAG, "library/see"), "the beginning of a name"),
        ("name-cut-in-front", manifest_path(TAG, "ibrary/seed"), "the end of a name"),
        ("last-component", manifest_path(TAG, "other/seed"), "the last component of a name"),
        ("first-component", manifest_path(TAG, "library"), "the first component of a name"),
        ("with-host", manifest_path(TAG, f"docker.io/{NAME}"), "the name behind a host's"),
        ("name-and-tag-swapped", manifest_path("seed", f"library/{TAG}"), "name and tag swapped"),
        ("tag-of-dots", manifest_path("3x1x1"), "the tag with letters in place of its dots"),
        ("tag-with-star", manifest_path("*"), "a pattern in place of a tag"),
        ("name-with-star", manifest_path(TAG, "library/*"), "a pattern in place of a name"),
    ):
        yield case(
            f"names-{word}",
            title,
            "NAMES-7",
            _OTHER_IMAGE,
            "OCI distribution specification 1.1, end-3: 404 for what is unknown",
            asks(get(asked), NOT_FOUND_OR_BAD),
            asks(head(asked), NOT_FOUND_OR_BAD),
            asks(get(manifest_path()), manifest(image().manifest)),
        )


def _odd_annotations() -> Iterator[Case]:
    seed = samples.seed()
    other = samples.seed(name="other")
    for word, noted, title in (
        ("none", None, "a descriptor without annotations"),
        ("empty", {}, "a descriptor with no annotation in its annotations"),
        ("another", {"org.example": "x"}, "a descriptor with another annotation"),
        ("ref-name", {"org.opencontainers.image.ref.name": TAG}, "one with a ref.name only"),
        ("null", "null", "annotations that are null"),
        ("number", {"org.opencontainers.image.base.name": 7}, "an annotation that is a number"),
        ("list", {"org.opencontainers.image.base.name": [NAME]}, "an annotation that is a list"),
        ("no-colon", {"org.opencontainers.image.base.name": NAME}, "an annotation without a tag"),
        ("blank", {"org.opencontainers.image.base.name": ""}, "an annotation without a letter"),
        ("text", "text", "annotations that are a text"),
    ):
        odd: dict[str, object] = dict(descriptor(other, None))
        if noted is not None:
            odd["annotations"] = {"null": None, "text": NAME}.get(str(noted), noted)
        for place in ("before", "behind"):

            def recipe(odd: dict[str, object] = odd, place: str = place) -> Layout:
                named = descriptor(seed, f"{NAME}:{TAG}")
                both = (odd, named) if place == "before" else (named, odd)
                made = layout({f"{NAME}:{TAG}": seed}, extra=[other])
                return made.with_index(_index(both))

            yield case(
                f"names-annotation-{word}-{place}",
                f"{title}, {place} the one that is asked for",
                "NAMES-3",
                "one image that cannot be found by name keeps every other one from being found",
                "Zarf v0.66.0; OCI image specification 1.1: annotations are optional",
                asks(get(manifest_path()), manifest(seed.manifest)),
                asks(get(manifest_path(other.digest)), manifest(other.manifest)),
                layout=recipe,
            )


def _index(descriptors: Iterable[Descriptor]) -> bytes:
    return described(descriptors)


def _free() -> Iterator[Case]:
    """What is left to the injector: the report tells whether it does either."""
    first, second = samples.seed(), samples.seed(name="other")

    def twice() -> Layout:
        named = [descriptor(one, f"{NAME}:{TAG}") for one in (first, second)]
        return layout({f"{NAME}:{TAG}": first}, extra=[second]).with_index(_index(named))

    yield case(
        "names-name-twice",
        "two descriptors of one name: either image",
        "NAMES-10",
        "nobody writes it, and whoever reads it has to decide",
        "SPEC.md, NAMES-10",
        asks(get(manifest_path()), manifest(first.manifest), manifest(second.manifest)),
        layout=twice,
    )
    layer = next(one for one in first.blobs if isinstance(one, Blob) and "layer" in one.media_type)
    served = content(layer.data, layer.digest)
    yield case(
        "names-layer-as-manifest",
        "a layer under manifests/: its bytes, or 404",
        "NAMES-10",
        "nobody asks for it",
        "SPEC.md, NAMES-10",
        asks(get(manifest_path(layer.digest)), served, NOT_FOUND_OR_BAD),
    )


def _digests() -> Iterator[Case]:
    one = image()
    named = {blob.digest: blob for blob in one.blobs if isinstance(blob, Blob)}
    yield case(
        "names-every-digest",
        "every blob by its digest, and the manifest by its own",
        "NAMES-4",
        "runtimes ask for the tag once and for everything else by digest",
        "docker, containerd, skopeo, crane, regctl, oras: requests of a pull",
        *(asks(get(blob_path(one)), content(blob.data, one)) for one, blob in named.items()),
        asks(get(manifest_path(one.digest)), manifest(one.manifest)),
        asks(head(manifest_path(one.digest)), manifest(one.manifest, is_head=True)),
    )
    unnamed = samples.unannotated()
    other = next(
        blob
        for blob in unnamed.blobs.values()
        if isinstance(blob, Blob)
        and blob.media_type == OCI_MANIFEST
        and blob.digest != unnamed.images[f"{NAME}:{TAG}"].digest
    )
    yield case(
        "names-unannotated-by-digest",
        "an image that has no name, by its digest",
        "NAMES-4",
        "where an image is listed twice, Zarf's packer leaves the second one without a name",
        "Zarf v0.66.0",
        asks(get(manifest_path(other.digest)), manifest(other)),
        layout=samples.unannotated,
    )
    pinned = samples.annotated_by_digest()
    digest = next(
        blob.digest
        for blob in pinned.blobs.values()
        if blob.media_type == OCI_MANIFEST and blob.digest != pinned.images[f"{NAME}:{TAG}"].digest
    )
    yield case(
        "names-annotated-by-digest",
        "an image whose annotation holds its digest in place of a tag",
        ("NAMES-4", "NAMES-3"),
        "a seed image that is pinned by its digest cannot be pulled",
        "Zarf v0.30.0: references by digest",
        asks(get(manifest_path(digest, "tools/pinned")), manifest(_blob(pinned, digest))),
        asks(get(manifest_path()), manifest(image(pinned).manifest)),
        layout=samples.annotated_by_digest,
    )
    many = samples.with_index()
    index = many.images["tools/many:1"]
    children = [one for one in index.blobs if one.media_type == OCI_MANIFEST]
    yield case(
        "names-index-and-children",
        "an index by tag, and its children by digest",
        ("NAMES-4", "NAMES-5"),
        "an image for several architectures cannot be pulled",
        "OCI image specification 1.1, Image Index",
        asks(get(manifest_path("1", "tools/many")), manifest(index.manifest)),
        *(
            asks(get(manifest_path(one.digest, "tools/many")), manifest(_blob(many, one.digest)))
            for one in children
        ),
        layout=samples.with_index,
    )


def _blob(made: Layout, digest: str) -> Blob:
    found = made.blobs[digest.removeprefix("sha256:")]
    assert isinstance(found, Blob)  # noqa: S101 - of the small samples
    return found


def _types() -> Iterator[Case]:
    why = "docker, containerd's CRI, skopeo and podman refuse a manifest under another type"
    origin = "zarf-injector v0.3.0; measured with real clients"
    small = golden.unified_layout()
    yield case(
        "names-golden",
        "the golden payload, pulled whole: an OCI image and one of Docker's schema 2",
        ("NAMES-1", "NAMES-5"),
        why,
        origin,
        *(step for name in small.images for step in pulls(small, name)),
        layout=golden.unified_layout,
        init=lambda: chunked(golden.unified_payload(), CHUNK_SIZE),
    )
    yield case(
        "names-type-of-the-descriptor",
        "a manifest that does not tell its media type; its descriptor does",
        "NAMES-5",
        why,
        "OCI image specification 1.1: mediaType of a manifest is optional",
        asks(
            get(manifest_path()),
            manifest(image(samples.without_media_type()).manifest, media_type=OCI_MANIFEST),
        ),
        layout=samples.without_media_type,
    )


CASES: Final[tuple[Case, ...]] = (
    _whole(
        "names-one-image",
        "one image, pulled whole",
        "NAMES-1",
        plain,
        "nothing can be pulled",
    ),
    _whole(
        "names-many-components",
        "names of many components, of two and of one",
        "NAMES-2",
        samples.deep_name,
        "a seed image of one's own has a path of any depth",
    ),
    _whole(
        "names-two-tags",
        "two tags of one name, and a name that begins like another",
        ("NAMES-1"),
        samples.tags_of_one_name,
        _OTHER_IMAGE,
    ),
    *_unpacked_names(),
    *_odd_annotations(),
    *_free(),
    *_digests(),
    *_types(),
)

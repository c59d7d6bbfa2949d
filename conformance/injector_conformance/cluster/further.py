"""What can go wrong when the story is over: in another start, as another user, with other chunks.

A fault is a requirement's only where the injector had served, or injected, before, and one thing
alone is changed.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cluster.faults import Blame, Fault

NOT_AGAIN: Final = Fault(
    "not-again",
    Blame.INJECTOR,
    "the injector, started again over its own tree, did not serve again",
    "it served before, and the kubelet started the same container again over the same volume",
    ("EXT-3",),
)
NOT_IN_NOTHING: Final = Fault(
    "not-in-nothing",
    Blame.INJECTOR,
    "the injector does not serve in an image that holds nothing at all",
    "the same container served in another image, and was started again before without harm",
    ("CTR-5",),
)
NOT_AS_OTHER_USER: Final = Fault(
    "not-as-other-user",
    Blame.INJECTOR,
    "the injector does not serve as another user than Zarf's (no requirement asks for it)",
    "its pod differs in the user alone from one that served",
)
STALE_SERVED: Final = Fault(
    "stale-served",
    Blame.INJECTOR,
    "the injector took chunks of another payload than its argument names",
    "one byte of the first chunk, which changes nothing but the digest, was another one",
    ("SUM-1",),
)
STALE_TAKEN: Final = Fault(
    "stale-taken",
    Blame.INJECTOR,
    "the injector ended with status 0 over chunks of another payload than its argument names",
    "one byte of the first chunk, which changes nothing but the digest, was another one",
    ("RUN-1",),
)
STALE_ENDED: Final = Fault(
    "stale-ended",
    Blame.INJECTOR,
    "the injector, which had refused chunks of another payload, ended with status 0",
    "a pod that ends with status 0 counts as one that went well",
    ("LIFE-2",),
)
NOT_TWICE: Final = Fault(
    "not-twice",
    Blame.INJECTOR,
    "a second run over the result of the first one did not end as that did",
    "both are the same container, one after the other, over the same volume",
    ("RUN-7",),
)

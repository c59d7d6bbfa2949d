"""What is judged when an init container has injected: run twice, as another user, with old chunks.

One pod runs the injector two times over the same volume, as the kubelet does that starts an init
container again; another one gets chunks of a payload that its argument does not name.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from injector_conformance.cluster import faults, further, naming
from injector_conformance.cluster.faults import Blame, Finding
from injector_conformance.cluster.injecting import INIT, NEXT, SECONDS, Injected, Injecting
from injector_conformance.cluster.pods import (
    RESTRICTIONS,
    beside,
    other_chunk,
    with_other_chunk,
)
from injector_conformance.cluster.steps import BrokenError, Steps, pause
from injector_conformance.cluster.users import OPENSHIFT, assigned
from injector_conformance.cluster.verdicts import Check, Verdicts, alpine, judge
from injector_conformance.packing.manifests import Manifest

OTHER_USER: Final = "other-user"
TWICE: Final = "twice"
STALE: Final = "stale"

_SECOND: Final = "again"


@dataclass(frozen=True, slots=True)
class Further:
    """The checks, of one story that went well."""

    injecting: Injecting
    injected: Injected
    steps: Steps
    verdicts: Verdicts

    def judge(self) -> None:
        """Do all of them; what one finds does not keep the next from being done."""
        image, node = self.injecting.image, self.injecting.node
        alpine(self.verdicts, image, node.architecture)
        self.verdicts.keep("the program that was injected ran, and found its files", "CTR-4")
        if self.injecting.user is None:
            why = f"the story's pod: Pod Security restricted, {RESTRICTIONS}"
            self.verdicts.keep(why, "CTR-3", "RUN-5")
        self.verdicts.skip(f"{image} is not known to hold nothing", "CTR-5")
        self._other_user()
        self._twice()
        self._stale()

    def _other_user(self) -> None:
        """Zarf's user if the story had another one; else one that OpenShift assigns."""
        user = OPENSHIFT if self.injecting.user is None else None
        who = "1000:2000" if user is None else f"user {user} of group 0"
        check = Check(
            "other-user",
            f"the injector injected as {who}",
            ("CTR-3", "RUN-5") if user is None else (),
            f"Pod Security restricted, {RESTRICTIONS}",
        )
        pod = assigned(beside(self.injected.pod, OTHER_USER), user)

        def body() -> None:
            try:
                self._play(pod, INIT)
            except BrokenError as broken:
                if user is None or broken.finding.fault.blame is Blame.CLUSTER:
                    raise
                words = str(broken.finding)
                raise BrokenError(Finding(further.NOT_AS_OTHER_USER, words)) from None

        if judge(check, self.verdicts, self.steps, body) and user is not None:
            self.verdicts.notes.append(f"it injects as {who} too")

    def _twice(self) -> None:
        check = Check(
            "twice",
            "the injector injected a second time, over its own tree",
            ("RUN-7",),
            "two starts over the same emptyDir; the next container found what was packed",
        )
        pod = assigned(beside(self.injected.pod, TWICE), self.injecting.user)
        spec = pod["spec"]
        first = spec["initContainers"][0]
        pod = {**pod, "spec": {**spec, "initContainers": [first, {**first, "name": _SECOND}]}}

        def body() -> None:
            try:
                self._play(pod, INIT, _SECOND)
            except BrokenError as broken:
                if broken.finding.fault.blame is Blame.CLUSTER:
                    raise
                raise BrokenError(Finding(further.NOT_TWICE, str(broken.finding))) from None

        judge(check, self.verdicts, self.steps, body)

    def _play(self, pod: Manifest, *inits: str) -> None:
        name = pod["metadata"]["name"]
        self.injecting.kubectl.create([pod])
        for init in inits:
            self.injecting.await_injected(name, init)
        self.injecting.await_handed_over(name, self.injected.told)

    def _stale(self) -> None:
        check = Check(
            "stale",
            "chunks of another payload under the old SHA-256 are refused",
            ("SUM-1", "RUN-1"),
            "one byte of the first chunk was another one: it ended with a status that is not 0",
        )
        judge(check, self.verdicts, self.steps, self._refuse)

    def _refuse(self) -> None:
        injecting, packed = self.injecting, self.injected.packed
        pod = with_other_chunk(beside(self.injected.pod, STALE), packed)
        pod = assigned(pod, injecting.user)
        injecting.kubectl.create([other_chunk(packed, injecting.namespace), pod])
        deadline = time.monotonic() + SECONDS
        while True:
            seen = injecting.look(STALE)
            container = seen.container(INIT)
            if container is not None and container.ended is not None:
                break
            if time.monotonic() > deadline:
                words = f"not at its end after {SECONDS:g} s"
                raise BrokenError(Finding(faults.UNNAMED, words))
            pause()
        if container.ended.status == 0:
            self._look_at_tree()
            raise BrokenError(Finding(further.STALE_TAKEN, ""))
        log = injecting.kubectl.log_if_any(injecting.namespace, STALE, INIT)
        found = naming.of_injection(seen, INIT, log)
        if found is not None and found.fault.blame is Blame.CLUSTER:
            raise BrokenError(found)

    def _look_at_tree(self) -> None:
        """Whether what should have been refused is there: the next container tells."""
        try:
            self.injecting.await_handed_over(STALE, self.injected.told)
        except BrokenError:
            return
        raise BrokenError(Finding(further.STALE_SERVED, f"the container {NEXT} runs it"))

"""What is judged while an injector still serves: started again, as another user, in nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from injector_conformance.cluster import faults, further, golden, naming, place, sight
from injector_conformance.cluster.faults import Blame, Fault, Finding
from injector_conformance.cluster.pods import (
    RESTRICTIONS,
    beside,
    other_chunk,
    with_other_chunk,
)
from injector_conformance.cluster.serving import (
    INJECTOR,
    READY_SECONDS,
    SETTLE_SECONDS,
    Served,
    Serving,
)
from injector_conformance.cluster.steps import BrokenError, Steps, pause
from injector_conformance.cluster.users import OPENSHIFT, assigned
from injector_conformance.cluster.verdicts import Check, Verdicts, alpine, judge

OTHER_USER: Final = "other-user"
STALE: Final = "stale"

_SEED_AGAIN: Final = "seed-again"


@dataclass(frozen=True, slots=True)
class Further:
    """The checks, of one story that went well."""

    serving: Serving
    served: Served
    steps: Steps
    verdicts: Verdicts

    def judge(self) -> None:
        """Do all of them; what one finds does not keep the next from being done."""
        image, node = self.serving.image, self.serving.node
        alpine(self.verdicts, image, node.architecture)
        if self.serving.user is None:
            self.verdicts.keep(f"the story's pod: {RESTRICTIONS}", "CTR-3", "RUN-5")
        was_restarted = self._restart()
        if was_restarted:
            self._pull_again()
        else:
            # Whatever a pull met now would be charged to what it is not about.
            self.verdicts.skip("started again, it did not serve: nothing to pull from", "CTR-6")
        # From here on no pod is made that needs more: NodePort mode needs no hostPort.
        self.serving.kubectl.label(self.serving.namespace, place.RESTRICTED)
        if self._other_user():
            self._nothing(was_restarted)
        else:
            self.verdicts.skip("no other pod served", "CTR-5")
        self._stale()

    def _restart(self) -> bool:
        """The kubelet starts a container again that gets another image; volumes stay."""
        reference = f"127.0.0.1:{self.served.port}/{self.served.packed.images[0].name}"
        check = Check(
            "restart",
            "the injector, started again over its own tree, is ready",
            ("EXT-3",),
            "the container was started again; its emptyDir stayed",
        )
        return judge(
            check,
            self.verdicts,
            self.steps,
            lambda: self._start_again(INJECTOR, reference, further.NOT_AGAIN),
        )

    def _pull_again(self) -> None:
        """By digest, from an injector that was started again."""
        images = {image.name: image for image in self.served.packed.images}
        image = images.get(golden.AGAIN, self.served.packed.images[0])
        reference = f"{image.name.partition('@')[0].rpartition(':')[0]}@{image.digest}"
        if "@" in image.name:
            reference = image.name
        runtime = self.serving.node.runtime
        check = Check(
            "pull-again",
            f"the node's runtime pulled {image.name} by digest",
            ("CTR-6",),
            f"{runtime} pulled by tag and by digest; of other clients the command clients tells",
        )
        judge(
            check,
            self.verdicts,
            self.steps,
            lambda: self.serving.pull(
                _SEED_AGAIN,
                image,
                reference,
                port=self.served.port,
                steps=Steps(lambda _: None),
                told=self.served.told,
            ),
        )

    def _other_user(self) -> bool:
        """Zarf's user if the story had another one; else one that OpenShift assigns."""
        user = OPENSHIFT if self.serving.user is None else None
        who = "1000:2000" if user is None else f"user {user} of group 0"
        check = Check(
            "other-user",
            f"Pod Security restricted lets it run as {who}, and it is ready",
            ("CTR-3", "RUN-5") if user is None else (),
            f"Pod Security restricted, {RESTRICTIONS}",
        )
        pod = assigned(beside(self.served.pod, OTHER_USER), user)
        went_well = judge(check, self.verdicts, self.steps, lambda: self._start(pod))
        if went_well and user is not None:
            self.verdicts.notes.append(f"it serves as {who} too, under Pod Security restricted")
        return went_well

    def _start(self, pod: dict[str, object]) -> None:
        self.serving.kubectl.create([pod])
        try:
            self.serving.await_ready(OTHER_USER)
        except BrokenError as broken:
            if broken.finding.fault.blame is Blame.CLUSTER or self.serving.user is not None:
                raise
            raise BrokenError(Finding(further.NOT_AS_OTHER_USER, str(broken.finding))) from None

    def _nothing(self, was_restarted: bool) -> None:
        if self.served.told is None:
            self.verdicts.skip("no image that holds nothing is packed beside --pack", "CTR-5")
            return
        if not was_restarted:
            self.verdicts.skip("another image means another start, which went wrong", "CTR-5")
            return
        reference = f"127.0.0.1:{self.served.port}/{golden.NOTHING}"
        check = Check(
            "nothing",
            "the injector is ready in an image that holds nothing",
            ("CTR-5",),
            f"in {golden.NOTHING}, which the injector itself had served",
        )
        judge(
            check,
            self.verdicts,
            self.steps,
            lambda: self._start_again(OTHER_USER, reference, further.NOT_IN_NOTHING),
        )

    def _start_again(self, name: str, image: str, fault: Fault) -> None:
        """Give a pod's container another image, and wait until it is ready again."""
        before = _restarts(self.serving.look(name))
        self.serving.kubectl.set_image(self.serving.namespace, name, INJECTOR, image)
        deadline = time.monotonic() + READY_SECONDS
        while True:
            pod = self.serving.look(name)
            container = pod.container(INJECTOR)
            started = container is not None and container.restarts > before
            if container is not None and started and container.running and container.ready:
                return
            ended = started and container is not None and container.ended and not container.running
            if ended or time.monotonic() > deadline:
                break
            pause()
        time.sleep(SETTLE_SECONDS)
        raise BrokenError(self._why_not_again(name, fault, before))

    def _why_not_again(self, name: str, fault: Fault, before: int) -> Finding:
        pods = self.serving.pods(name, INJECTOR)
        pod = pods[name].as_it_runs()
        if _restarts(pod) <= before:
            other = name != INJECTOR
            pulled = naming.of_pull(pods[name], pods[INJECTOR], INJECTOR) if other else None
            words = f"the kubelet has not started it again in {READY_SECONDS:g} s"
            return pulled or Finding(faults.UNNAMED, words)
        found = naming.of_injector(pod, INJECTOR, self.serving.log(name))
        if found is None or found.fault.blame is Blame.CLUSTER:
            return found or Finding(faults.UNNAMED, f"not ready after {READY_SECONDS:g} s")
        return Finding(fault, str(found))

    def _stale(self) -> None:
        check = Check(
            "stale",
            "chunks of another payload under the old SHA-256 are refused",
            ("SUM-1", "LIFE-2"),
            "one byte of the first chunk was another one: it ended with a status that is not 0",
        )
        judge(check, self.verdicts, self.steps, self._refuse)

    def _refuse(self) -> None:
        serving, payload = self.serving, self.served.packed.payload
        pod = with_other_chunk(beside(self.served.pod, STALE), payload)
        pod = assigned(pod, serving.user)
        serving.kubectl.create([other_chunk(payload, serving.namespace), pod])
        deadline = time.monotonic() + READY_SECONDS
        while True:
            seen = serving.look(STALE)
            container = seen.container(INJECTOR)
            if container is not None and container.ready:
                raise BrokenError(Finding(further.STALE_SERVED, ""))
            if container is not None and container.ended is not None:
                break
            if time.monotonic() > deadline:
                found = naming.of_injector(seen, INJECTOR, serving.log(STALE))
                words = f"neither ready nor at its end after {READY_SECONDS:g} s"
                raise BrokenError(Finding(faults.UNNAMED, f"{words}: {found or ''}"))
            pause()
        if container.ended.status == 0:
            raise BrokenError(Finding(further.STALE_ENDED, serving.log(STALE).strip()))
        found = naming.of_injector(seen, INJECTOR, serving.log(STALE))
        if found is not None and found.fault.blame is Blame.CLUSTER:
            raise BrokenError(found)


def _restarts(pod: sight.Pod) -> int:
    container = pod.container(INJECTOR)
    return container.restarts if container is not None else 0

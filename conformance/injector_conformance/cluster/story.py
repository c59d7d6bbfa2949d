"""A whole story in a cluster: played, judged, and cleaned up after."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance import __version__
from injector_conformance.cluster import nodes, place
from injector_conformance.cluster.errors import UsageError
from injector_conformance.cluster.faults import Finding
from injector_conformance.cluster.injected import Further as InjectedFurther
from injector_conformance.cluster.injecting import Injecting
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.cluster.served import Further as ServedFurther
from injector_conformance.cluster.serving import Serving
from injector_conformance.cluster.steps import BrokenError, Step, Steps
from injector_conformance.cluster.verdicts import Verdicts
from injector_conformance.host import named_file
from injector_conformance.profiles import UNIFIED

SCHEMA: Final = "1.0.0"
"""Version of ``schema.json``, which reports follow."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for.

    Attributes:
        profile: its id.
        program: the injector's file.
        image: that the injector runs in; None for the smallest that the node has.
        node: its name; None for the first that is ready.
        user: that the injector runs as, in group 0, as OpenShift assigns users; None for Zarf's.
        port: of the node's loopback; None for any. Profile ``unified`` only.
        pack: images of the user's; none for the golden one. Profile ``unified`` only.
    """

    profile: str
    program: Path
    image: str | None = None
    node: str | None = None
    user: int | None = None
    port: int | None = None
    pack: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended: what went wrong, if anything did, and the report."""

    finding: Finding | None
    report: dict[str, Any]


def play(
    kubectl: Kubectl,
    wanted: Wanted,
    introduce: Callable[[dict[str, Any]], None],
    tell: Callable[[Step], None],
) -> Told:
    """Play a story in a namespace of its own, which is gone when this returns.

    Args:
        kubectl: the way to the cluster.
        wanted: what to play.
        introduce: told of cluster and injector before anything is made.
        tell: told of each step when it is done.

    Raises:
        UsageError: the request itself is wrong.
        ClusterError: the cluster does not do what it is asked.
        PackError: the payload cannot be made.
    """
    try:
        injector = named_file.read(wanted.program, named_file.PROGRAM)
    except OSError as error:
        raise UsageError(f"{wanted.program}: cannot be read: {error.strerror}") from None
    node = nodes.choose(kubectl, wanted.node)
    image = wanted.image or node.image
    if not image:
        raise UsageError(f"the node {node.name} tells of no image it has; name one by --image")
    facts: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": "cluster",
        "profile": wanted.profile,
        "suite": __version__,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "injector": {
            "name": wanted.program.name,
            "bytes": len(injector),
            "sha256": hashlib.sha256(injector).hexdigest(),
        },
        "node": {
            "name": node.name,
            "architecture": node.architecture,
            "runtime": node.runtime,
            "kubelet": node.version,
        },
        "image": image,
        "user": wanted.user,
    }
    introduce(facts)
    steps = Steps(tell)
    verdicts = Verdicts(wanted.profile)
    serves = wanted.profile == UNIFIED.id
    with tempfile.TemporaryDirectory(prefix="injector-cluster-") as scratch:
        try:
            labels = place.OPEN if serves else place.RESTRICTED
            with place.namespace(kubectl, labels, steps) as namespace:
                facts["namespace"] = namespace
                if serves:
                    serving = Serving(
                        kubectl,
                        node,
                        injector,
                        namespace,
                        image,
                        wanted.port,
                        wanted.pack,
                        wanted.user,
                    )
                    served = serving.play(Path(scratch), steps, facts)
                    ServedFurther(serving, served, steps, verdicts).judge()
                else:
                    injecting = Injecting(kubectl, node, injector, namespace, image, wanted.user)
                    injected = injecting.play(Path(scratch), steps, facts)
                    InjectedFurther(injecting, injected, steps, verdicts).judge()
        except BrokenError as broken:
            verdicts.charge(broken.finding)
    facts["steps"] = [
        {"id": one.id, "title": one.title, "seconds": round(one.seconds, 3)} for one in steps.done
    ]
    facts["requirements"] = [one.as_json() for one in verdicts.all()]
    facts["notes"] = verdicts.notes
    finding = verdicts.finding
    facts["finding"] = None if finding is None else _described(finding)
    return Told(finding, facts)


def _described(finding: Finding) -> dict[str, Any]:
    return {
        "fault": finding.fault.id,
        "blame": finding.fault.blame.value,
        "says": finding.fault.says,
        "why": finding.fault.why,
        "requirements": list(finding.fault.breaks),
        "evidence": finding.evidence,
    }

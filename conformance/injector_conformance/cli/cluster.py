"""``injector-conformance cluster``: the whole story on Kubernetes itself."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from injector_conformance.cli import numbers, options
from injector_conformance.cluster import story
from injector_conformance.cluster.errors import ClusterError, UsageError
from injector_conformance.cluster.faults import Blame, Finding
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.cluster.steps import Step
from injector_conformance.packing.errors import PackError
from injector_conformance.profiles import STAGE1, UNIFIED

KEPT: Final = 0
NOT_CONFORMANT: Final = 1
WRONG_USAGE: Final = 2
HARNESS_ERROR: Final = 3

_USERS: Final = 1 << 31

_GOALS: Final = {
    "run": ("ready", "the seed image runs"),
    "hand-over": ("inject", "the injected program runs"),
}
"""Steps that a story is played for: the step that is the injector's own, and what is reached."""

DESCRIPTION: Final = """\
Play the whole story on the cluster that kubectl reaches, in a namespace of its own: pack a
payload, create its ConfigMaps and the pod as Zarf does, and wait for the injector as long as Zarf
does. With --profile unified the node's own runtime then pulls an image through the injector and
runs it; with --profile stage1 the next container runs the program that was injected. What ran says
the digests of what it was started from. Then the requirements that speak of containers are judged:
a restart over the emptyDir, chunks of another payload under the old SHA-256, an image that holds
nothing, and what becomes of another user. Everything is deleted afterwards, also after Ctrl-C.

COMMAND is one program without words of its own: a ConfigMap holds it. Where kubectl reaches no
cluster, make cluster (in a checkout) brings one up.

Exit status: 0 all went well; 1 the injector did something wrong; 2 wrong usage; 3 the cluster did,
or it cannot be told who.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "cluster",
        help="play the whole story in a Kubernetes cluster",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--profile",
        choices=(STAGE1.id, UNIFIED.id),
        default=STAGE1.id,
        help="the contract (default: %(default)s)",
    )
    parser.add_argument("--context", metavar="NAME", help="of the kubeconfig (default: current)")
    parser.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="instead of kubectl's own choice"
    )
    parser.add_argument("--node", metavar="NAME", help="where it runs (default: the first ready)")
    parser.add_argument(
        "--image",
        metavar="NAME",
        help="what the injector's container is made of (default: the smallest that the node has)",
    )
    parser.add_argument(
        "--user",
        type=numbers.Whole(1, _USERS - 1, "no injector runs as root"),
        metavar="UID",
        help="run as this user in group 0, as OpenShift assigns one (default: 1000:2000)",
    )
    parser.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="IMAGE",
        help="with --profile unified: pull this image instead of a made one; an IMAGE as the"
        " command pack takes it; may be repeated",
    )
    parser.add_argument(
        "--port",
        type=numbers.PORT,
        metavar="PORT",
        help="with --profile unified: of the node's loopback (default: any)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    options.add_command(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    try:
        wanted = _wanted(arguments)
        kubectl = Kubectl(arguments.context, arguments.kubeconfig)
        told = story.play(kubectl, wanted, _introduce, _tell)
    except (UsageError, PackError) as error:
        return _complain(error, WRONG_USAGE)
    except ClusterError as error:
        return _complain(error, HARNESS_ERROR)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(told.report, indent=2) + "\n", encoding="utf-8")
    return _close(told.finding, told.report)


def _wanted(arguments: argparse.Namespace) -> story.Wanted:
    if not arguments.command:
        raise UsageError("no injector named: write -- ./zarf-injector behind the options")
    if len(arguments.command) > 1:
        raise UsageError(
            "a pod runs the injector alone: name one program, without words of its own"
        )
    if arguments.profile != UNIFIED.id and (arguments.pack or arguments.port):
        raise UsageError(f"--pack and --port mean nothing without --profile {UNIFIED.id}")
    if arguments.kubeconfig is not None and not arguments.kubeconfig.is_file():
        raise UsageError(f"--kubeconfig {arguments.kubeconfig}: there is no such file")
    if arguments.json is not None and not arguments.json.absolute().parent.is_dir():
        raise UsageError(f"--json {arguments.json}: there is no such directory")
    return story.Wanted(
        profile=arguments.profile,
        program=Path(arguments.command[0]),
        image=arguments.image,
        node=arguments.node,
        user=arguments.user,
        port=arguments.port,
        pack=tuple(arguments.pack),
    )


def _introduce(facts: dict[str, Any]) -> None:
    injector, node = facts["injector"], facts["node"]
    print(
        f"{injector['name']}, {injector['bytes']:,} bytes, in {facts['image']}\n"
        f"node {node['name']}: {node['architecture']}, kubelet {node['kubelet']},"
        f" {node['runtime']}",
        flush=True,
    )


def _tell(step: Step) -> None:
    print(f"{step.seconds:6.1f} s  {step.title}", flush=True)


def _close(finding: Finding | None, report: dict[str, Any]) -> int:
    for one in report["requirements"]:
        print(f"{one['verdict']:<8} {one['id']:<6} {one['why']}")
    for note in report["notes"]:
        print(f"besides: {note}")
    _tell_share(report["steps"])
    seconds = sum(step["seconds"] for step in report["steps"])
    if finding is None:
        print(
            f"kept: the whole story on a real cluster, profile {report['profile']},"
            f" in {seconds:.1f} s"
        )
        return KEPT
    if finding.fault.blame is Blame.CLUSTER:
        return _complain(f"nothing is known about the injector: {finding}", HARNESS_ERROR)
    breaks = f" ({', '.join(finding.fault.breaks)})" if finding.fault.breaks else ""
    print(f"broken{breaks}: {finding}")
    return NOT_CONFORMANT


def _tell_share(steps: Sequence[Mapping[str, Any]]) -> None:
    """How long it took to get what all is done for, and how much of that was the injector's."""
    taken: dict[str, float] = {}
    for step in steps:
        name = step["id"]
        taken[name] = taken.get(name, 0.0) + step["seconds"]
        if name in _GOALS:
            own, goal = _GOALS[name]
            share = f"{taken[own]:.1f} s of them the injector's, from its pod's creation"
            print(f"{goal} after {sum(taken.values()):.1f} s, {share}")
            return


def _complain(message: object, status: int) -> int:
    print(f"injector-conformance: {message}", file=sys.stderr)
    return status

"""What ``kubectl get pod NAME -o json`` and ``kubectl get events -o json`` say about one pod.

Only what a judgement needs is kept. A field that Kubernetes leaves out is empty here, and never an
error; a document that is no pod is one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

_UNKNOWN_STATUS: Final = -1


class SightError(Exception):
    """What kubectl printed cannot be used; the message says what it was taken for."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a container does not run yet: ``ErrImagePull``, ``ContainerCreating`` and so on."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a container ended.

    Attributes:
        status: its exit status; 128 and the signal's number, if a signal ended it.
        reason: ``Error``, ``Completed``, ``OOMKilled``, ``StartError``…
        message: the runtime's words, if it could not be started.
    """

    status: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Container:
    """One container, init containers too.

    Attributes:
        ended: the last end that is known of it, be it that of an earlier start.
        restarts: how often it was started again.
    """

    name: str
    ready: bool
    running: bool
    waiting: Waiting | None
    ended: Ended | None
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the pod, as ``kubectl describe`` lists it."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod.

    Attributes:
        reason: ``Evicted``, ``NodeLost``…: why the pod as a whole ended, if it did.
        deleted: somebody asked for its deletion.
        unscheduled: the scheduler's words, if no node takes the pod.
        events: of this pod alone, the oldest first.
    """

    name: str
    phase: str
    reason: str
    message: str
    deleted: bool
    unscheduled: str
    containers: tuple[Container, ...]
    events: tuple[Event, ...]

    def container(self, name: str) -> Container | None:
        """The container of that name; None before the kubelet has said anything about it."""
        return next((one for one in self.containers if one.name == name), None)

    def as_it_runs(self) -> Pod:
        """The same without the ends of containers that were started again since."""
        live = [replace(one, ended=None) if one.running else one for one in self.containers]
        return replace(self, containers=tuple(live))


def read(pod: str, events: str = "") -> Pod:
    """Read what kubectl printed.

    Args:
        pod: one object as JSON.
        events: a list of events as JSON, of this pod and of others; nothing, if none were asked.

    Raises:
        SightError: one of them is not what it should be.
    """
    document = _object(pod, "Pod")
    metadata, status = _mapping(document, "metadata"), _mapping(document, "status")
    name, uid = _text(metadata, "name"), _text(metadata, "uid")
    statuses = [
        *_sequence(status, "initContainerStatuses"),
        *_sequence(status, "containerStatuses"),
    ]
    return Pod(
        name=name,
        phase=_text(status, "phase"),
        reason=_text(status, "reason"),
        message=_text(status, "message"),
        deleted="deletionTimestamp" in metadata,
        unscheduled=_unscheduled(status),
        containers=tuple(_container(one) for one in statuses),
        events=_events(events, name, uid) if events.strip() else (),
    )


def _events(text: str, name: str, uid: str) -> tuple[Event, ...]:
    items = [one for one in _sequence(_object(text, "List"), "items") if _concerns(one, name, uid)]
    # Times are RFC 3339 in UTC: they sort as text. The sort is stable where they are equal.
    items.sort(key=_time)
    return tuple(Event(_text(one, "reason"), _text(one, "message")) for one in items)


def _concerns(event: Mapping[str, Any], name: str, uid: str) -> bool:
    """Whether an event is this pod's: not that of an earlier pod of the same name."""
    about = _mapping(event, "involvedObject")
    if _text(about, "kind") != "Pod" or _text(about, "name") != name:
        return False
    return not uid or _text(about, "uid") in {"", uid}


def _time(event: Mapping[str, Any]) -> str:
    # The last time: an event that is repeated is counted in one object.
    times = (_text(event, key) for key in ("lastTimestamp", "eventTime", "firstTimestamp"))
    return next(filter(None, times), "")


def _unscheduled(status: Mapping[str, Any]) -> str:
    for condition in _sequence(status, "conditions"):
        if _text(condition, "type") == "PodScheduled" and _text(condition, "status") == "False":
            return _text(condition, "message") or _text(condition, "reason")
    return ""


def _container(status: Mapping[str, Any]) -> Container:
    state, before = _mapping(status, "state"), _mapping(status, "lastState")
    waiting = _mapping(state, "waiting")
    ended = _mapping(state, "terminated") or _mapping(before, "terminated")
    return Container(
        name=_text(status, "name"),
        ready=status.get("ready") is True,
        running="running" in state,
        waiting=Waiting(_text(waiting, "reason"), _text(waiting, "message")) if waiting else None,
        ended=_ended(ended) if ended else None,
        restarts=restarts if isinstance(restarts := status.get("restartCount"), int) else 0,
    )


def _ended(state: Mapping[str, Any]) -> Ended:
    status = state.get("exitCode")
    return Ended(
        status=status if isinstance(status, int) else _UNKNOWN_STATUS,
        reason=_text(state, "reason"),
        message=_text(state, "message"),
    )


def _object(text: str, kind: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise SightError(
            f"kubectl printed no JSON where a {kind} was asked for: {error}"
        ) from None
    # A list of events is a List, or an EventList where the API server's own answer is passed on.
    found = document.get("kind", "") if isinstance(document, dict) else type(document).__name__
    if not isinstance(document, dict) or not str(found).endswith(kind):
        raise SightError(f"kubectl printed a {found or 'nameless object'}, no {kind}")
    return document


def _mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _sequence(parent: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    value = parent.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(parent: Mapping[str, Any], key: str) -> str:
    value = parent.get(key)
    return value if isinstance(value, str) else ""

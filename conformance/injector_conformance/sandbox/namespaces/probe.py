"""Whether namespaces are to be had here, and which."""

from __future__ import annotations

from injector_conformance.host.privilege import is_powerful
from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.namespaces.box import Box
from injector_conformance.sandbox.namespaces.ids import Ids
from injector_conformance.sandbox.place import Place


def has_users(place: Place, ids: Ids) -> bool:
    """Try an empty box; whether it has a user namespace.

    Raises:
        SandboxError: it cannot be made; the message says what to allow.
    """
    try:
        Box(place, ids.maps("root"), ()).close()
    except SandboxError:
        if not is_powerful():
            raise
        # What a container runtime does without user namespaces holds here as well.
        Box(place, None, ()).close()
        return False
    return True

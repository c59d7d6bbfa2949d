"""The security context of Zarf's injector since v0.42: what RUN-5 and CTR-3 speak of.

Pod Security *restricted* allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

POD: Final[Mapping[str, Any]] = {
    "runAsUser": 1000,
    "runAsGroup": 2000,
    "fsGroup": 2000,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""Of the whole pod."""

CONTAINER: Final[Mapping[str, Any]] = {
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "privileged": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
}
"""Of each container."""

"""Real clients pull from the native program on both architectures."""

from __future__ import annotations

from tests.clients.test_pulling import *  # noqa: F403
from tests.clients.test_registry_clients import *  # noqa: F403

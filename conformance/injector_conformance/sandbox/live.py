"""A subject that is being run: what a case may do with one that serves."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import Final, Protocol


class Live(Protocol):
    """A subject in its sandbox. It is held until :meth:`start`, and killed when nobody attends."""

    def start(self) -> None:
        """Let the subject go."""

    def make_socket(self, family: socket.AddressFamily) -> socket.socket:
        """A stream socket in the subject's network, which has nothing but a loopback.

        Raises:
            SandboxError: there is none to be had.
        """

    def signal(self, number: int) -> None:
        """Send the subject a signal; nothing happens if it has ended."""

    def ended(self, seconds: float = 0) -> bool:
        """Whether the subject has ended; waits so long at most until it does."""

    def drain(self) -> None:
        """Take what it has printed, so that its pipes do not fill; to be called often."""

    def process_ids(self) -> Sequence[int]:
        """The subject's processes, by the numbers that they have for the harness."""


NO_NETWORK: Final = (
    "profile unified is judged in --sandbox namespaces only: a subject that serves is talked to in"
    " a network of its own"
)
"""What the other drivers say."""

Attend = Callable[[Live], None]
"""What is done with a subject that is being run; when it returns, what lives is killed."""

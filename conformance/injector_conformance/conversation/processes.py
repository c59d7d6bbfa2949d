"""What a subject's processes use: memory, descriptors, processor time, ports."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from injector_conformance.exchange.events import Weighed

_KIBIBYTE: Final = 1024
_LISTENS: Final = "0A"
"""The state TCP_LISTEN in /proc/N/net/tcp (proc(5))."""

_SIX: Final = 6
_USER_TIME: Final = 11
"""Place of utime behind the name in /proc/N/stat (proc(5)); stime follows."""


def weigh(process_ids: Sequence[int]) -> Weighed:
    """Resident memory of their own, and open descriptors, all together."""
    memory = descriptors = 0
    for process_id in process_ids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    memory += int(line.split()[1]) * _KIBIBYTE
            descriptors += len(os.listdir(f"/proc/{process_id}/fd"))
    return Weighed(memory, descriptors)


def processor_seconds(process_ids: Sequence[int]) -> float:
    """User and system time so far."""
    ticks = 0
    for process_id in process_ids:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
            ticks += int(words[_USER_TIME]) + int(words[_USER_TIME + 1])
    return ticks / os.sysconf("SC_CLK_TCK")


def listening(process_ids: Sequence[int]) -> tuple[str, ...]:
    """Addresses at which somebody takes connections in the network of these processes."""
    found: dict[str, None] = {}
    for process_id in process_ids[:1]:
        for table in ("tcp", "tcp6"):
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{process_id}/net/{table}").read_text().splitlines()[1:]
                rows = [line.split() for line in lines]
                found |= dict.fromkeys(_address(row[1]) for row in rows if row[3] == _LISTENS)
    return tuple(found)


def _address(text: str) -> str:
    """An address as the kernel writes it, words of four bytes in the machine's order."""
    digits, _, port = text.partition(":")
    words = [bytes.fromhex(digits[at : at + 8]) for at in range(0, len(digits), 8)]
    if sys.byteorder == "little":
        words = [word[::-1] for word in words]
    host = ipaddress.ip_address(b"".join(words))
    name = f"[{host}]" if host.version == _SIX else str(host)
    return f"{name}:{int(port, 16)}"


def limit(
    process_ids: Sequence[int], descriptors: int, before: Mapping[int, tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """Set or give back the limit of descriptors; what it was before is returned."""
    was = {}
    for process_id in process_ids:
        with contextlib.suppress(OSError):
            now = resource.prlimit(process_id, resource.RLIMIT_NOFILE)
            was[process_id] = before.get(process_id, now)
            wanted = (descriptors, now[1]) if descriptors else was[process_id]
            resource.prlimit(process_id, resource.RLIMIT_NOFILE, wanted)
    return was

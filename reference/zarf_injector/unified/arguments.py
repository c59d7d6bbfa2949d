"""ARG: the command line, ``zarf-injector SHA256 [ADDRESS]``, and the two directories."""

import socket
from collections.abc import Mapping, Sequence

from zarf_injector import checksum
from zarf_injector.unified import errors

INIT_ROOT = "/zarf-init"
SEED_ROOT = "/zarf-seed"

DEFAULT_ADDRESS = "0.0.0.0:5000"
"""ARG-1: packages from before there was a second argument expect this one."""

LAST_PORT = 65535
PORT_DIGITS = 5


class Address:
    """Where to serve.

    Attributes:
        family: IPv4 or IPv6.
        host: the address, without brackets.
        port: 0 lets the system choose (ARG-8).
    """

    __slots__ = ("family", "host", "port")

    def __init__(self, family: socket.AddressFamily, host: str, port: int) -> None:
        self.family = family
        self.host = host
        self.port = port

    def __str__(self) -> str:
        host = f"[{self.host}]" if self.family is socket.AF_INET6 else self.host
        return f"{host}:{self.port}"


class Arguments:
    """What the injector is told.

    Attributes:
        sha256: of the payload, 64 lowercase hexadecimal digits.
        address: where to serve.
        init_root: where the chunks are.
        seed_root: where the layout goes.
    """

    __slots__ = ("address", "init_root", "seed_root", "sha256")

    def __init__(self, sha256: str, address: Address, init_root: str, seed_root: str) -> None:
        self.sha256 = sha256
        self.address = address
        self.init_root = init_root
        self.seed_root = seed_root


def parse(words: Sequence[str], environment: Mapping[str, str]) -> Arguments:
    """Make sense of the command line, before anything is done (ARG-4).

    Words beyond the second are ignored (ARG-8), and so is the rest of the environment: service
    links put variables of nearly the same names there (ARG-7).

    Raises:
        MissingChecksumError: ARG-3.
        MalformedChecksumError: SUM-3.
        MalformedAddressError: ARG-4.
    """
    if not words:
        raise errors.MissingChecksumError("usage: zarf-injector SHA256 [ADDRESS:PORT]")
    return Arguments(
        checksum.parse(words[0]),
        address(words[1] if len(words) > 1 else DEFAULT_ADDRESS),
        environment.get("ZARF_INJECTOR_INIT_ROOT") or INIT_ROOT,
        environment.get("ZARF_INJECTOR_SEED_ROOT") or SEED_ROOT,
    )


def address(text: str) -> Address:
    """ARG-2: ``A.B.C.D:PORT`` or ``[IPv6]:PORT``.

    Raises:
        MalformedAddressError: it is neither (ARG-4).
    """
    host, colon, digits = text.rpartition(":")
    if not colon or not is_port(digits):
        raise errors.MalformedAddressError(f"the address {text!a} does not end in a port")
    family = socket.AF_INET
    if host.startswith("[") and host.endswith("]"):
        family, host = socket.AF_INET6, host[1:-1]
    try:
        socket.inet_pton(family, host)
    except (OSError, ValueError) as error:
        raise errors.MalformedAddressError(
            f"the address {text!a} is not A.B.C.D:PORT or [IPv6]:PORT"
        ) from error
    return Address(family, host, int(digits))


def is_port(digits: str) -> bool:
    """Whether this is a decimal number up to 65535."""
    return (
        digits.isascii()
        and digits.isdigit()
        and len(digits) <= PORT_DIGITS
        and int(digits) <= LAST_PORT
    )

"""Ways to fail that only the injector that serves has, one class for each rule."""

from zarf_injector.errors import InjectorError


class MissingChecksumError(InjectorError):
    """There is no argument."""

    requirement = "ARG-3"


class MalformedAddressError(InjectorError):
    """The second argument is not an address to serve at."""

    requirement = "ARG-4"


class AddressError(InjectorError):
    """The address cannot be served at: it is taken, or not this machine's."""

    requirement = "LIFE-7"


class MalformedIndexError(InjectorError):
    """``index.json`` is there, and is no index."""

    requirement = "NAMES-9"

"""The drivers by name, and the choice among them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Final

from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sandbox.chroot import Chroot
from injector_conformance.sandbox.namespaces import Namespaces

AUTOMATIC: Final = "auto"
"""Namespaces. Where they are not to be had nothing takes their place unasked: a container needs a
daemon and an image, and chroot is no sandbox."""

CONTAINER: Final = "container"

DRIVERS: Final[dict[str, Callable[[], Sandbox]]] = {"namespaces": Namespaces, "chroot": Chroot}
"""The drivers that need nothing but the distribution; :data:`CONTAINER` needs its extra."""

NAMES: Final = (AUTOMATIC, *DRIVERS, CONTAINER)


def create(name: str, image: str | None = None, platform: str | None = None) -> Sandbox:
    """A driver that is not open yet.

    Args:
        name: one of :data:`NAMES`.
        image: for containers, see :class:`container.driver.Container`.
        platform: likewise.

    Raises:
        SandboxError: what it needs is not there, the name is unknown, or an image or a platform
            is given to a driver that has none.
    """
    if name == CONTAINER:
        return _container(image, platform)
    if image is not None or platform is not None:
        raise SandboxError(f"--image and --platform need --sandbox {CONTAINER}")
    if name == AUTOMATIC:
        namespaces = Namespaces()
        namespaces.probe()
        return namespaces
    if name not in DRIVERS:
        raise SandboxError(f"no sandbox {name}; there are {', '.join(NAMES)}")
    return DRIVERS[name]()


def _container(image: str | None, platform: str | None) -> Sandbox:
    try:
        driver = importlib.import_module("injector_conformance.sandbox.container.driver")
    except ModuleNotFoundError as error:
        raise SandboxError(
            f"the container driver needs {error.name}: pip install"
            " 'injector-conformance[container]'"
        ) from error
    made: Sandbox = driver.Container(*(() if image is None else (image,)), platform=platform)
    return made

"""What clients are told of a layout that is served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from injector_conformance.clients.client import Reference
from injector_conformance.clients.programs import Programs
from injector_fixtures.oci.layout import Layout

PROGRAMS = Programs()


@dataclass(frozen=True)
class Registry:
    """A layout, and the port of 127.0.0.1 at which it is served."""

    layout: Layout
    port: int

    @property
    def host(self) -> str:
        """Address and port."""
        return f"127.0.0.1:{self.port}"

    def references(self) -> Iterator[Reference]:
        """Every image by tag and by digest, as clients write it."""
        for name, image in self.layout.images.items():
            yield Reference(self.host, name, image, "tag")
            yield Reference(self.host, name, image, "digest")

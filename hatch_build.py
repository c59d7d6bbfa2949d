"""How the distribution's description comes from README.md: every link leads to the repository.

A package index shows that text on a page of its own, where links of the checkout lead nowhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

README: Final = "README.md"

_TARGET: Final = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)\s]+)(?=\))")


class Description(MetadataHookInterface):
    """Fills in ``readme``."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Take README.md with links to the files of this version, or of main between versions."""
        version = str(metadata["version"])
        revision = "main" if "dev" in version else f"v{version}"
        text = Path(self.root, README).read_text(encoding="utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": absolute(text, f"{metadata['urls']['Repository']}/blob/{revision}"),
        }


def absolute(text: str, base: str) -> str:
    """Markdown whose relative links begin at ``base``; those within the page stay."""
    return _TARGET.sub(rf"{base}/\1", text)

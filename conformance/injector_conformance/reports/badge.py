"""The verdict as a badge: an SVG of its own, and the JSON of a shields.io endpoint."""

from __future__ import annotations

import json
from html import escape
from typing import Final

from injector_conformance.reports import claim
from injector_conformance.reports.document import Document

LABEL: Final = "zarf-injector"
_GREEN: Final = ("#2e7d32", "brightgreen")
_YELLOW: Final = ("#8d5a00", "yellow")
_RED: Final = ("#c62828", "red")
_COLOURS: Final = {"conformant": _GREEN, "nonconformant": _RED}
"""As a picture has them and as shields.io calls them; yellow for everything that claims less."""

_CHARACTER: Final = 6.6
"""Width, in pixels, of a character of 11 px Verdana, on average."""

_MARGIN: Final = 10
_HEIGHT: Final = 20


def message(document: Document) -> str:
    """The right half of the badge: verdict, specification, profile and level."""
    scope = f"{document['spec']} {document['profile']} {document['level']}"
    return f"{claim.brief(document)} · {scope}"


def _colours(document: Document) -> tuple[str, str]:
    return _COLOURS.get(document["verdict"], _YELLOW)


def endpoint(document: Document) -> str:
    """The JSON that shields.io reads (schemaVersion 1)."""
    return json.dumps(
        {
            "schemaVersion": 1,
            "label": LABEL,
            "message": message(document),
            "color": _colours(document)[1],
        }
    )


def svg(document: Document) -> str:
    """The badge as a picture that needs nothing from elsewhere."""
    text, colour = message(document), _colours(document)[0]
    left = round(len(LABEL) * _CHARACTER) + 2 * _MARGIN
    right = round(len(text) * _CHARACTER) + 2 * _MARGIN
    title = escape(f"{LABEL}: {text}")
    font = 'font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}"'
        f' role="img" aria-label="{title}"><title>{title}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/></g>'
        f'<g fill="#fff" text-anchor="middle" {font}>'
        f'<text x="{left / 2:g}" y="14">{LABEL}</text>'
        f'<text x="{left + right / 2:g}" y="14">{escape(text)}</text></g></svg>\n'
    )

"""The verdict as a badge: an SVG of its own, and the JSON of a shields.io endpoint."""

from __future__ import annotations

import json
from html import escape
from typing import Final

from injector_conformance.reports.document import Document

LABEL: Final = "zarf-injector"
_MESSAGES: Final = {
    "conformant": ("conformant", "#2e7d32", "brightgreen"),
    "nonconformant": ("not conformant", "#c62828", "red"),
    "partial": ("partial", "#8d5a00", "yellow"),
    "harness-error": ("harness error", "#8d5a00", "yellow"),
}
_CHARACTER: Final = 6.6
"""Width, in pixels, of a character of 11 px Verdana, on average."""

_MARGIN: Final = 10
_HEIGHT: Final = 20


def message(document: Document) -> str:
    """The right half of the badge."""
    word = _MESSAGES[document["verdict"]][0]
    return f"{word} · {document['spec']}" if document["verdict"] == "conformant" else word


def endpoint(document: Document) -> str:
    """The JSON that shields.io reads (schemaVersion 1)."""
    return json.dumps(
        {
            "schemaVersion": 1,
            "label": LABEL,
            "message": message(document),
            "color": _MESSAGES[document["verdict"]][2],
        }
    )


def svg(document: Document) -> str:
    """The badge as a picture that needs nothing from elsewhere."""
    text, colour = message(document), _MESSAGES[document["verdict"]][1]
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

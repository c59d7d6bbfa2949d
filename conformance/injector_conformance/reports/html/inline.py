"""The little Markdown that statements of SPEC.md use, as HTML: code, emphasis, requirement ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from markupsafe import Markup, escape

_TOKEN: Final = re.compile(
    r"`(?P<code>[^`]+)`|\*(?P<emphasis>[^*\s](?:[^*]*[^*\s])?)\*|\b(?P<id>[A-Z]+-[1-9][0-9]*[a-z]?)\b"
)


def render(text: str, is_requirement: Callable[[str], bool]) -> Markup:
    """Text as HTML; ids that ``is_requirement`` knows become links to their place on the page."""
    parts: list[Markup] = []
    end = 0
    for match in _TOKEN.finditer(text):
        parts += [escape(text[end : match.start()]), _element(match, is_requirement)]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _element(match: re.Match[str], is_requirement: Callable[[str], bool]) -> Markup:
    if match["code"]:
        return Markup("<code>{}</code>").format(match["code"])
    if match["emphasis"]:
        return Markup("<em>{}</em>").format(match["emphasis"])
    if is_requirement(match["id"]):
        return Markup('<a href="#{0}">{0}</a>').format(match["id"])
    return escape(match["id"])

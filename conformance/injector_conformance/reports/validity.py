"""Whether what was read follows a JSON Schema of this package, in words that fit one line."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

_LONGEST: Final = 160
"""Characters; a complaint quotes what it complains of, which may be a whole report."""


def fault(content: Any, schema: str) -> str | None:
    """Where content breaks a schema and how; None if it does not.

    Args:
        content: what a JSON file holds.
        schema: where the schema lies in the package: ``reports/schema.json``.
    """
    wrong = best_match(_validator(schema).iter_errors(content))
    return None if wrong is None else f"at {wrong.json_path}: {_complaint(wrong)}"


def version(schema: str) -> str:
    """The version that a schema asks of documents."""
    return str(_loaded(schema)["properties"]["schema"]["const"])


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(_loaded(schema))


@cache
def _loaded(schema: str) -> Any:
    return json.loads((resources.files("injector_conformance") / schema).read_text("utf-8"))


def _complaint(error: ValidationError) -> str:
    text = " ".join(error.message.split())
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … {text[-half:]}"

"""Where ``sendfile`` is refused, the same bytes are read and sent."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from native.tests import unsent


@pytest.mark.parametrize("refusal", unsent.REFUSALS, ids=errno.errorcode.get)
def test_the_same_is_served(
    unified_command: tuple[str, ...], refusal: int, tmp_path: Path
) -> None:
    unsent.judge(unified_command, refusal, tmp_path)

"""The pytest fixture `press_emulator`.

This module is imported in every pytest run of whoever has installed the package, so it imports next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator.local_press import LocalPress

__all__ = ["press_emulator"]


@pytest.fixture
def press_emulator() -> Iterator[LocalPress]:
    """Return each test a local Press of its own, empty, whose rollouts are over at once."""
    from pulumi_press.emulator.local_press import MissingExtraError, require_extra, start

    try:
        require_extra()
    except MissingExtraError as error:
        pytest.fail(str(error), pytrace=False)
    with start() as press:
        yield press

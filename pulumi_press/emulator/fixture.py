"""The pytest fixture `press_emulator`.

pytest imports this module in every run where the package is installed, so it imports almost nothing.
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
    """A local Press for one test: empty, with rollouts that end at once."""
    from pulumi_press.emulator.local_press import MissingExtraError, require_extra, start

    try:
        require_extra()
    except MissingExtraError as error:
        pytest.fail(str(error), pytrace=False)
    with start() as press:
        yield press

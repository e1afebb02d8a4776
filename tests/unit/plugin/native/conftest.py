"""A local Press, and the native plugin before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.emulator import start
from pulumi_press.plugin import runtime
from pulumi_press.provider.context import ProcessCache
from pulumi_press.provider.create_once import Intents
from tests.support.native_plugin import Plugin, run_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press."""
    with start(tokens={"token": "acme"}) as running:
        yield running


@pytest.fixture
def plugin(press: LocalPress, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    """A configured plugin that knows nothing of earlier tests."""
    monkeypatch.setattr(runtime, "cache", ProcessCache())
    monkeypatch.setattr(runtime, "intents", Intents())
    for name in ("PRESS_ENDPOINT", "PEAK_AUTH_TOKEN", "API_KEY", "STAGE", "PEAK__STAGE"):
        monkeypatch.delenv(name, raising=False)
    with run_plugin(press) as ready:
        yield ready
    runtime.stop.clear()

"""The fixture `press_emulator` and the package's front door."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import requests

import pulumi_press.emulator

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress

pytest_plugins = ["pytester"]


def test_the_fixture_is_there_without_being_asked_for(press_emulator: LocalPress) -> None:
    """A user's test names it and has an empty local Press."""
    answer = requests.get(
        f"{press_emulator.url}/v1/blocks/specs/", headers={"Authorization": press_emulator.token}, timeout=30
    )
    assert (answer.status_code, answer.json()["specCount"]) == (200, 0)
    assert [entry["path"] for entry in press_emulator.requests()] == ["/v1/blocks/specs/"]


def test_without_the_extra_only_its_users_fail(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that does not name the fixture passes; one that does fails with the command to run."""
    monkeypatch.setattr("pulumi_press.emulator.local_press.MODULES", ("not_there",))
    pytester.makepyfile(
        """
        def test_other(): pass
        def test_user(press_emulator): pass
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the local Press needs not_there; install it with: pip install *"])


def test_the_plugin_imports_next_to_nothing() -> None:
    """No server, no Pulumi and no pydantic is imported in the test runs of those who do not use the fixture."""
    heavy = {"starlette", "uvicorn", "pydantic", "requests", "sqlite3", "yaml", "pulumi"}
    code = f"import sys, pulumi_press.emulator.fixture; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.strip() == "[]"


def test_a_local_press_needs_a_tenant() -> None:
    """Without a token nobody could call it."""
    with ExitStack() as stack, pytest.raises(ValueError, match="tokens must name a tenant"):
        stack.enter_context(pulumi_press.emulator.start(tokens={}))


def test_the_package_has_what_it_says() -> None:
    """Every public name can be imported, and another is an AttributeError."""
    assert {name: getattr(pulumi_press.emulator, name).__name__ for name in pulumi_press.emulator.__all__} == {
        "ControlError": "ControlError",
        "LocalPress": "LocalPress",
        "start": "start",
    }
    with pytest.raises(AttributeError, match="has no attribute 'stop'"):
        pulumi_press.emulator.stop  # type: ignore[attr-defined]  # noqa: B018  (the access is the test)

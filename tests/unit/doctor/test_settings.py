"""The settings, as the command finds them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.doctor.conftest import NOWHERE, TOKEN

if TYPE_CHECKING:
    from tests.unit.doctor.conftest import Machine

PROJECT = "name: shop\nruntime: python\n"


def config(**entries: Any) -> str:
    """Give what `pulumi config` does to print these."""
    return f"echo '{json.dumps({f'press:{name}': entry for name, entry in entries.items()})}'"


def test_the_environment_is_told_as_the_source(machine: Machine) -> None:
    """Outside of a project, the variables that hold the token and the address are named."""
    machine.set(API_KEY=TOKEN)

    examined = machine.examine()

    assert examined["settings"] == ("ok", "token from API_KEY; endpoint from PRESS_ENDPOINT", "")
    assert TOKEN not in examined.printed


@pytest.mark.parametrize(
    ("variables", "told"),
    [({}, "stage prod, since none is set"), ({"STAGE": "beta"}, "stage beta from STAGE")],
)
def test_the_stage_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str
) -> None:
    """Without an address, the stage and where it comes from are told."""
    monkeypatch.delenv("PRESS_ENDPOINT")
    monkeypatch.setattr("pulumi_press.doctor.service.resolve", lambda _: "not looked up")
    machine.set(PEAK_AUTH_TOKEN=TOKEN, **variables)

    assert machine.examine()["settings"].found == f"token from PEAK_AUTH_TOKEN; {told}"


def test_the_configuration_of_the_stack_comes_first(machine: Machine) -> None:
    """In a project, the stack's configuration wins over the environment, and is named."""
    machine.write("Pulumi.yaml", PROJECT)
    machine.set(PEAK_AUTH_TOKEN="of-the-environment")
    values = config(authToken={"value": TOKEN, "secret": True}, endpoint={"value": NOWHERE, "secret": False})
    machine.install_engine(config=values)

    examined = machine.examine()

    assert examined["settings"] == ("ok", "token from press:authToken; endpoint from press:endpoint", "")
    assert TOKEN not in examined.printed


def test_another_stack_can_be_named(machine: Machine) -> None:
    """The stack that is asked for is the one whose configuration is read."""
    machine.write("Pulumi.yaml", PROJECT)
    machine.set(PEAK_AUTH_TOKEN=TOKEN)
    machine.install_engine(config='echo "error: no stack: $*" >&2; exit 1')

    settings = machine.examine("--stack", "test")["settings"]

    assert settings.level == "warning"
    assert "stack 'test' could not be read: no stack: config --json --non-interactive --stack test" in settings.found


def test_a_stack_without_a_project_is_told(machine: Machine) -> None:
    """A stack can only be read in a project."""
    machine.set(PEAK_AUTH_TOKEN=TOKEN)

    settings = machine.examine("--stack", "test")["settings"]

    assert (settings.level, "there is no Pulumi.yaml" in settings.found) == ("warning", True)


def test_a_secret_that_cannot_be_read_leaves_the_rest_readable(machine: Machine) -> None:
    """Without the passphrase, the address is still tried, with no token at all."""
    machine.write("Pulumi.yaml", PROJECT)
    rest = config(authToken={"secret": True}, endpoint={"value": NOWHERE, "secret": False})
    hidden = f'case "$*" in *show*) echo "error: passphrase must be set" >&2; exit 1 ;; *) {rest} ;; esac'
    machine.install_engine(config=hidden)

    examined = machine.examine()

    assert examined["settings"].level == "warning"
    assert "passphrase must be set" in examined["settings"].found
    assert NOWHERE in examined["endpoint"].found


@pytest.mark.parametrize("said", ["nonsense", "[]", '{"press:endpoint": 1}'])
def test_an_engine_that_answers_strangely_is_no_traceback(machine: Machine, said: str) -> None:
    """What cannot be read as configuration counts as none."""
    machine.write("Pulumi.yaml", PROJECT)
    machine.install_engine(config=f"echo '{said}'")

    assert "press:authToken is not set" in machine.examine()["settings"].found


def test_a_setting_that_makes_no_sense_is_named(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that does not exist is a problem, by its variable, and nothing is tried."""
    monkeypatch.delenv("PRESS_ENDPOINT")
    machine.set(PEAK_AUTH_TOKEN=TOKEN, STAGE="Prod")

    examined = machine.examine()

    assert (examined["settings"].level, "STAGE: stage 'Prod'" in examined["settings"].found) == ("problem", True)
    assert "not checked" in examined["endpoint"].found


def test_a_token_that_cannot_be_sent_is_named_and_not_shown(machine: Machine) -> None:
    """A token with a line break is a problem, and stays out of sight."""
    machine.set(PEAK_AUTH_TOKEN=f"{TOKEN}\nx")

    examined = machine.examine()

    assert (examined["settings"].level, "PEAK_AUTH_TOKEN" in examined["settings"].found) == ("problem", True)
    assert TOKEN not in examined.printed


@pytest.mark.parametrize("secret", [True, False])
def test_a_key_that_is_no_setting_is_told(machine: Machine, *, secret: bool) -> None:
    """A misspelt key is told as the program would tell it, also that of a secret."""
    machine.write("Pulumi.yaml", PROJECT)
    machine.set(PEAK_AUTH_TOKEN=TOKEN)
    machine.install_engine(config=config(adpot={"value": "always", "secret": secret}))

    examined = machine.examine()

    assert examined["settings"].level == "problem"
    assert examined["settings"].found.startswith("press:adpot is not a setting; did you mean press:adopt?")

"""The stack's configuration, and the settings that it and the environment give."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pulumi_press.client.token import Token
from pulumi_press.doctor.checks import Finding, problem, run_program, warning
from pulumi_press.provider.errors import SettingsError
from pulumi_press.provider.settings import find_value, read_settings
from pulumi_press.settings import ADDRESS, TOKEN, Setting, Settings, find_wrong_keys

if TYPE_CHECKING:
    import requests

    from pulumi_press.doctor.installation import Project

__all__ = ["Configuration", "check_settings", "read_configuration"]


CORRECT = "correct it, and run the command again"


@dataclass(frozen=True)
class Configuration:
    """A stack's configuration: what could be read of it."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    hidden: frozenset[str] = frozenset()
    """Keys of secrets that could not be read."""
    project: str = ""
    """Name of the project, whose namespace holds the program's own keys."""
    failure: str = ""
    """Why some or all of it could not be read; empty if all was."""


class NoToken(Token):
    """Stands for a missing token: requests are sent without one."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("none")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request

    def hide(self, text: str) -> str:
        """Leave the text as it is."""
        return text


def read_configuration(engine: str | None, project: Project | None, stack: str | None) -> Configuration:
    """Return the configuration of a stack, by default the selected one; empty outside of a project."""
    if project is None:
        return Configuration(failure="there is no Pulumi.yaml in this folder or above it" if stack else "")
    if engine is None:
        return Configuration(failure="the engine is needed to read it")
    command = [engine, "config", "--json", "--non-interactive", *(["--stack", stack] if stack else [])]
    output = run_program([*command, "--show-secrets"], project.folder)
    failure = output.failure
    if failure:
        # Without the passphrase or key, all but the secrets can be read.
        output = run_program(command, project.folder)
    values: dict[str, str] = {}
    hidden: set[str] = set()
    with suppress(ValueError, AttributeError, TypeError):  # Not what the engine prints.
        for key, entry in json.loads(output.text).items():
            if "value" in entry:
                values[key] = str(entry["value"])
            else:
                hidden.add(key)
    return Configuration(values, frozenset(hidden), str((project.settings or {}).get("name", "")), failure)


def check_settings(configuration: Configuration, stack: str | None) -> tuple[Finding, Settings | None]:
    """Return where the settings come from, and the settings as the provider would read them.

    The settings are None if the address is unknown, and hold a `NoToken` if only the token is missing.
    """
    check = "settings"
    unread = _describe_unread(configuration, stack)
    if wrong := list(find_wrong_keys([*configuration.values, *configuration.hidden], configuration.project)):
        return problem(check, "; ".join(wrong), CORRECT), _read_without_token(configuration)
    if TOKEN.key in configuration.hidden:
        found = f"{TOKEN.key} is set, but cannot be read here; {unread}"
        advice = "set PULUMI_CONFIG_PASSPHRASE, or log in, so that the token can be checked"
        return warning(check, found, advice), _read_without_token(configuration)
    try:
        settings = read_settings(configuration.values.get, os.environ)
    except SettingsError as error:
        found = f"{error}; {unread}" if unread else str(error)
        return problem(check, found, CORRECT), _read_without_token(configuration)
    found = f"token from {settings.token_source}; {_describe_address(configuration, settings)}"
    if unread:
        advice = "fix that, or name a stack with `--stack`, if its configuration is needed here"
        return warning(check, f"{found}; {unread}", advice), settings
    return Finding(check, found), settings


def _read_without_token(configuration: Configuration) -> Settings | None:
    """Return all settings but the token; None if another one is wrong."""
    if TOKEN.key not in configuration.hidden and _find_source(TOKEN, configuration):
        return None  # There is one, so something else is wrong.
    values = {**configuration.values, TOKEN.key: "none"}
    try:
        return replace(read_settings(values.get, os.environ), auth_token=NoToken(), token_source="")
    except SettingsError:
        return None


def _describe_unread(configuration: Configuration, stack: str | None) -> str:
    named = f"stack {stack!r}" if stack else "stack"
    failure = configuration.failure
    return f"the configuration of the {named} could not be read: {failure}" if failure else ""


def _describe_address(configuration: Configuration, settings: Settings) -> str:
    endpoint, stage = ADDRESS
    if settings.endpoint:
        return f"endpoint from {_find_source(endpoint, configuration)}"
    source = _find_source(stage, configuration)
    return f"stage {settings.stage} from {source}" if settings.stage else "stage prod, since none is set"


def _find_source(setting: Setting, configuration: Configuration) -> str:
    """Return the key or variable that a setting is read from; empty if it is nowhere."""
    return find_value(setting, configuration.values.get, os.environ)[1]

"""The stack's configuration as the program sees it: what is in it for this package, and what is wrong with that."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.runtime import config as engine_config

from pulumi_press.settings import TOKEN, find_wrong_keys

__all__ = ["ConfigurationError", "check_configuration", "find_known", "read", "warn_of_plain_token"]

_last: dict[str, dict[str, Any]] = {}
"""The configuration of the program that runs; Pulumi itself tells it on the program's own thread only."""

_warned: dict[str, object] = {}
"""Key that was warned of -> the configuration in which it stood."""


class ConfigurationError(pulumi.RunError):
    """The stack's configuration has keys that name no setting; the engine shows the message alone."""


def check_configuration() -> None:
    """See that each key which is meant for this package names a setting, and that the token is no plain text.

    Only the program can tell: a provider is given the values of all keys, secret or not, as plain text, and `destroy`
    must not fail because of a key that an older version took no notice of.

    Raises:
        ConfigurationError: some keys name no setting; the message names each, and never a value.
    """
    _last["configuration"] = engine_config.CONFIG.get()
    wrong = list(find_wrong_keys(engine_config.CONFIG.get(), pulumi.get_project()))
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    if engine_config.get_config(TOKEN.key) and not engine_config.is_config_secret(TOKEN.key):
        _warn(TOKEN.key)


def find_known() -> dict[str, Any]:
    """Give the configuration that the program was last seen with, on whatever thread."""
    return _last.get("configuration", {})


def read(key: str) -> Any:
    """Give the value of a key, such as `press:timeout`, secret if it is one there; None where there is none."""
    value = engine_config.get_config(key)
    if not value:
        return None
    return pulumi.Output.secret(value) if engine_config.is_config_secret(key) else value


def warn_of_plain_token(token: str) -> str:
    """Warn of a token that stands in the configuration as plain text, under whatever key; give it back."""
    for key, value in engine_config.CONFIG.get().items():
        if value == token and not engine_config.is_config_secret(key):
            _warn(key)
    return token


def _warn(key: str) -> None:
    """Warn of a key, once in each run of the program."""
    run = engine_config.CONFIG.get()  # Each run has one of its own.
    if _warned.get(key) is run:
        return
    _warned[key] = run
    pulumi.log.warn(
        f"{key} is in plain text in the configuration, and so the token is in the stack's file and in its state; "
        f"run `pulumi config set --secret {key}`, and replace the token if others could read it"
    )

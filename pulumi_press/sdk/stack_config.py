"""The stack's configuration as the program sees it: its values for this package, and mistakes in its keys."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.runtime import config as engine_config

from pulumi_press.settings import TOKEN, find_wrong_keys

__all__ = ["ConfigurationError", "check_configuration", "find_known", "read", "warn_of_plain_token"]

_last: dict[str, dict[str, Any]] = {}
"""The configuration of the running program; Pulumi itself returns it on the program's own thread only."""

_warned: dict[str, object] = {}
"""Key of a warning -> the configuration that it was about."""


class ConfigurationError(pulumi.RunError):
    """The stack's configuration, or an argument of a `Provider`, is wrong; the engine shows the message alone."""


def check_configuration() -> None:
    """Check that each key in the namespace of this package is a setting; warn if the token is plain text.

    Only the program can check this: a provider gets the values of all keys, secret or not, as plain text, and `destroy`
    must not fail because of a key that an older version ignored.

    Raises:
        ConfigurationError: some keys are no settings; the message names all of them, and no value.
    """
    _last["configuration"] = engine_config.CONFIG.get()
    wrong = list(find_wrong_keys(engine_config.CONFIG.get(), pulumi.get_project()))
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    if engine_config.get_config(TOKEN.key) and not engine_config.is_config_secret(TOKEN.key):
        _warn(TOKEN.key)


def find_known() -> dict[str, Any]:
    """Return the configuration of the running program, on any thread."""
    return _last.get("configuration", {})


def read(key: str) -> Any:
    """Return the value of a key, such as `press:timeout`, as a secret if it is one; None if it is not set."""
    value = engine_config.get_config(key)
    if not value:
        return None
    return pulumi.Output.secret(value) if engine_config.is_config_secret(key) else value


def warn_of_plain_token(token: str) -> str:
    """Warn if a token is in the configuration as plain text, under any key; return the token."""
    for key, value in engine_config.CONFIG.get().items():
        if value == token and not engine_config.is_config_secret(key):
            _warn(key)
    return token


def _warn(key: str) -> None:
    """Warn of a key, once per run of the program."""
    run = engine_config.CONFIG.get()  # Each run has its own.
    if _warned.get(key) is run:
        return
    _warned[key] = run
    pulumi.log.warn(
        f"{key} is plain text in the configuration, so the stack's file and its state contain the token; run "
        f"`pulumi config set --secret {key}`, and replace the token if others could read it"
    )

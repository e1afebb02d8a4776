"""`Provider`: other settings for some resources of a program, such as another tenant's token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi

from pulumi_press.plugin.tokens import DYNAMIC_PACKAGE
from pulumi_press.sdk.inputs import accept_any_argument, take_unknown
from pulumi_press.sdk.stack_config import ConfigurationError, check_configuration, read, warn_of_plain_token
from pulumi_press.settings import ADDRESS, SETTINGS, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_press.schema.plain import Adopt
    from pulumi_press.settings import Drift, Marks, Validate

__all__ = ["Provider"]


class Provider(pulumi.ProviderResource):
    """Settings for the resources that name it in `ResourceOptions(provider=...)`.

    A setting that is not given comes from the stack's configuration, then from the environment; the token only from the
    environment. A given `endpoint` or `stage` is the address: neither the configuration nor the environment changes it.

    Example:
        ```python
        north = press.Provider("north", endpoint="https://press.example.com", auth_token=config.require_secret("north"))
        press.BlockSpec("orders", ..., opts=pulumi.ResourceOptions(provider=north))
        ```
    """

    _package: ClassVar[str] = DYNAMIC_PACKAGE
    """The package that serves the resources."""

    settings: dict[str, Any]
    """Settings that were given or are in the stack's configuration, by key; the functions read them."""

    @accept_any_argument
    def __init__(
        self,
        resource_name: str,
        *,
        auth_token: pulumi.Input[str] | None = None,
        endpoint: pulumi.Input[str] | None = None,
        stage: pulumi.Input[str] | None = None,
        timeout: pulumi.Input[float] | None = None,
        max_retries: pulumi.Input[int] | None = None,
        adopt: pulumi.Input[Adopt] | None = None,
        drift: pulumi.Input[Drift] | None = None,
        validate: pulumi.Input[Validate] | None = None,
        marks: pulumi.Input[Marks] | None = None,
        default_tags: Sequence[str] | None = None,
        refresh_before_update: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare settings.

        Args:
            resource_name: name of the provider in the program.
            auth_token: token, sent as it is; kept secret.
            endpoint: address of the service; overrides `stage`.
            stage: stage of the platform, such as `prod`.
            timeout: seconds to wait for an answer. Default 60.
            max_retries: tries after the first. Default 3.
            adopt: whether an existing block of the same name is adopted: `never` (default), `identical` or `always`.
            drift: what to do about a revision made outside Pulumi: `revert` (default), `adopt` or `report`.
            validate: `server`: a preview also asks the service to validate what changed. Default `local`.
            marks: `owner`: each created object is marked with the stack that created it. Default `none`.
            default_tags: tags that every spec and deployment gets in addition to its own.
            refresh_before_update: whether every preview and update reads each object first. For the native plugin only.
            opts: Pulumi's options.

        Raises:
            ConfigurationError: an argument is unknown, empty or invalid: the environment's value would replace it.
        """
        check_configuration()
        given: dict[str, Any] = {
            "auth_token": auth_token,
            "endpoint": endpoint,
            "stage": stage,
            "timeout": timeout,
            "max_retries": max_retries,
            "adopt": adopt,
            "drift": drift,
            "validate": validate,
            "marks": marks,
            "default_tags": default_tags,
            "refresh_before_update": refresh_before_update,
        }
        if failures := [*_find_unknown(self), *_find_failures(given)]:
            raise ConfigurationError("\n".join(f"Provider {resource_name!r}: {why}" for why in failures))
        if default_tags is not None:
            given["default_tags"] = json.dumps(list(default_tags))
        if endpoint is None and stage is not None:
            # Otherwise PRESS_ENDPOINT in the environment would override the stage that is given here.
            given["endpoint"] = pulumi.Output.from_input(stage).apply(_find_address)
        elif isinstance(endpoint, pulumi.Output):
            given["endpoint"] = endpoint.apply(lambda text: _refuse_empty("endpoint", text))
        self.settings = _add_configuration(given)
        props = dict(self.settings)
        if auth_token is not None:
            token = pulumi.Output.secret(auth_token).apply(lambda text: _refuse_empty("auth_token", text))
            props[TOKEN.key] = token.apply(warn_of_plain_token)
        props = {**{setting.key: None for setting in SETTINGS}, **props}
        super().__init__(self._package, resource_name, self._names(props), self._options(opts))

    def _options(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
        """Return the options to use."""
        return opts

    def _names(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Return the properties by the names that the package has for them."""
        return properties


def _add_configuration(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by key: those given, and the others from the stack's configuration."""
    has_address = any(given[setting.field] is not None for setting in ADDRESS)
    settings = {}
    for setting in SETTINGS:
        value = given[setting.field]
        # The stack's token may belong to another tenant.
        if value is None and setting is not TOKEN and not (has_address and setting in ADDRESS):
            value = read(setting.key)
        if value is not None:
            settings[setting.key] = value
    return settings


def _find_unknown(provider: Provider) -> Iterator[str]:
    from pulumi_press.schema.failures import suggest

    for name in take_unknown(provider):
        yield f"{name} is not a known argument{suggest(name, [setting.field for setting in SETTINGS])}"


def _find_failures(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the mistakes in arguments that would otherwise count as not given, or be split into characters."""
    yield from (f"{name} is empty; give a value, or leave it out" for name, value in given.items() if value == "")
    if isinstance(given["stage"], str) and given["stage"]:
        from pulumi_press.client.errors import InvalidArgument
        from pulumi_press.client.request import base_url  # Few programs use a stage.

        try:
            base_url(None, given["stage"])
        except InvalidArgument as error:
            yield str(error)
    if isinstance(given["default_tags"], (str, pulumi.Output)):
        yield 'default_tags must be a list of texts, known in the program, such as ["team-a"]'


def _refuse_empty(name: str, value: str) -> str:
    """Return a text; refuse an empty one, which the environment's value would replace.

    Raises:
        ConfigurationError: it is empty.
    """
    if value == "":  # None means that the argument was left out.
        raise ConfigurationError(f"{name} of a press.Provider is empty; give a value, or leave it out")
    return value


def _find_address(stage: str) -> str:
    """Return the address of a stage; for an unknown stage, a text that the provider refuses."""
    from pulumi_press.client.errors import InvalidArgument
    from pulumi_press.client.request import base_url  # Few programs use a stage.

    try:
        return base_url(None, stage)
    except InvalidArgument:
        return f"(no address) of stage {stage}"

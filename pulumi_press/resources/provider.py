"""`Provider`: settings of its own for some resources of a program, such as another tenant's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_press.lifecycle.settings import Drift, Marks, Validate
    from pulumi_press.schema import Adopt

__all__ = ["Provider"]

PACKAGE = "pulumi-python"
"""The package that serves all Python dynamic resources; an explicit provider must be of it."""


class Provider(pulumi.ProviderResource):
    """Settings for the resources that name it in `ResourceOptions(provider=...)`.

    Only what is given here counts, then the environment; the stack's configuration does not.

    Example:
        ```python
        north = press.Provider("north", endpoint="https://press.example.com", auth_token=config.require_secret("north"))
        press.BlockSpec("orders", ..., opts=pulumi.ResourceOptions(provider=north))
        ```
    """

    settings: dict[str, Any]
    """What was given, by setting, for the functions that read; not stored anywhere."""

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
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare settings.

        Args:
            resource_name: name of the provider in the program.
            auth_token: token, sent as it is; kept secret.
            endpoint: address of the service; wins over `stage`.
            stage: stage of the platform, such as `prod`.
            timeout: seconds to wait for an answer. Default 60.
            max_retries: tries after the first. Default 3.
            adopt: whether a block that exists already is taken over: `never` (default), `identical` or `always`.
            drift: what a revision that somebody else made leads to: `revert` (default), `adopt` or `report`.
            validate: `server`: a preview also asks the service to validate what changed. Default `local`.
            marks: `owner`: what is made carries a mark of the stack that made it. Default `none`.
            default_tags: tags that every spec and deployment gets beside its own.
            opts: Pulumi's options.
        """
        given = {
            "press:authToken": auth_token,
            "press:endpoint": endpoint,
            "press:stage": stage,
            "press:timeout": timeout,
            "press:maxRetries": max_retries,
            "press:adopt": adopt,
            "press:drift": drift,
            "press:validate": validate,
            "press:marks": marks,
            "press:defaultTags": None if default_tags is None else json.dumps(list(default_tags)),
        }
        self.settings = {key: value for key, value in given.items() if value is not None}
        secret = {} if auth_token is None else {"press:authToken": pulumi.Output.secret(auth_token)}
        super().__init__(PACKAGE, resource_name, {**given, **secret}, opts)

"""The tenants to deploy to, from a small file that holds no secret."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

__all__ = ["Tenant", "UnusableError", "read_tenants", "take_tokens"]


class UnusableError(Exception):
    """What was given cannot be used; the message says why and never holds a token."""


class _Model(BaseModel):
    # Somebody may have written a token where a name belongs, so no message repeats what is in the file.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Tenant(_Model):
    """A tenant, and where it is."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]
    """Name, also of its stack."""
    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s@]+$")]
    """Address of the service."""
    token_variable: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$", alias="tokenVariable")]
    """Name of the environment variable that holds its token."""


class _File(_Model):
    tenants: Annotated[tuple[Tenant, ...], Field(min_length=1)]


def read_tenants(path: Path) -> tuple[Tenant, ...]:
    """Read the tenants from a YAML or JSON file.

    Raises:
        UnusableError: there is no such file, or something in it is wrong; the message has every mistake by its path.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableError(f"{path} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise UnusableError(f"{path}{where}: is no YAML") from None
    try:
        tenants = _File.model_validate(content).tenants
    except ValidationError as error:
        mistakes = [f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg']}" for item in error.errors()]
        raise UnusableError(f"{path}: " + "; ".join(mistakes)) from None
    twice = [name for name, count in Counter(tenant.name for tenant in tenants).items() if count > 1]
    if twice:
        raise UnusableError(f"{path}: more than one tenant is called {', '.join(twice)}")
    return tenants


def take_tokens(tenants: tuple[Tenant, ...], environment: MutableMapping[str, str]) -> dict[str, str]:
    """Take the tokens out of the environment, so that no engine is started with another tenant's; by tenant.

    A tenant whose variable is not set has none in the result.
    """
    found = {tenant.name: environment.get(tenant.token_variable, "") for tenant in tenants}
    for tenant in tenants:
        environment.pop(tenant.token_variable, None)
    return {name: token for name, token in found.items() if token}

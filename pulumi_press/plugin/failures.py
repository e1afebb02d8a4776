"""A failed operation as one message: what failed, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.artifact.errors import ArtifactError
from pulumi_press.client.errors import NotFound, PressError, Unauthorized
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.secrets import redact
from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["FORESEEN", "advise_on_token", "describe_failure"]

FORESEEN = (PressError, ProviderError, ArtifactError)
"""Errors whose message says what to do."""

_NAME_PATHS = ("metadata.name", "release.version", "deployment_id")
"""Where an object's name, or the closest to one, is found. A rollout has the id of its deployment only."""


def describe_failure(
    doing: str,
    kind: str,
    values: Values,
    error: BaseException,
    *,
    settings: Callable[[], Settings],
    names: Mapping[str, str],
) -> str:
    """Return the message.

    Args:
        doing: such as `creating`.
        kind: what the object is.
        values: its inputs or outputs; no secret among them is shown.
        error: what was raised.
        settings: returns the settings; called only where a token is refused.
        names: the names of deployments that this process knows, by id.
    """
    name = next((name for path in _NAME_PATHS if isinstance(name := get(values, path), str)), "")
    subject = " ".join(filter(None, [doing, kind, names.get(name, name)]))
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return f"{subject}: ended by {type(error).__name__}"
    text = redact(str(error), values)
    if not isinstance(error, FORESEEN):
        return f"{subject}: unexpected {type(error).__name__}: {text}"
    if isinstance(error, Unauthorized):
        return f"{subject}: {text}\n{advise_on_token(settings().token_source)}"
    if isinstance(error, NotFound) and doing == "updating":
        return f"{subject}: {text}\nif the {kind} is gone, run `pulumi up --refresh`, which makes a new one"
    return f"{subject}: {text}"


def advise_on_token(source: str) -> str:
    """Return what to do about a token that is refused.

    Args:
        source: where it was found.
    """
    if source != "press:authToken":
        return f"the token came from {source}: set a valid one there and run the command again"
    # An explicit provider's arguments arrive as such settings too, and nothing says which it is. The engine keeps them,
    # as of the last `up`, in the state.
    return (
        f"the token came from {source}, of the stack's configuration or of the resource's own provider: set a valid "
        "one there and run the command again (refresh and destroy with --run-program, or they use the old one)"
    )

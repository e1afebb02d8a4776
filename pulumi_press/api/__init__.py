"""The HTTP client of Press Blocks: one method for each call of the API."""

from typing import TYPE_CHECKING

from pulumi_press.late import load_late

if TYPE_CHECKING:
    from pulumi_press.api.artifacts import Artifact
    from pulumi_press.api.client import Client
    from pulumi_press.api.errors import (
        AnswerLost,
        BadRequest,
        Conflict,
        Forbidden,
        Interrupted,
        InvalidArgument,
        LocalFileMissing,
        MalformedAnswer,
        NotFound,
        PayloadTooLarge,
        PressError,
        Redirected,
        ServerError,
        StatusError,
        Timeout,
        TooManyRequests,
        TransportError,
        Unauthorized,
        UnexpectedStatus,
        UnprocessableEntity,
        Unreachable,
        Untrusted,
    )
    from pulumi_press.api.retry import Clock, RetryBudget, RetryPolicy, Timeouts
    from pulumi_press.api.stages import STAGES, base_url

__all__ = [
    "STAGES",
    "AnswerLost",
    "Artifact",
    "BadRequest",
    "Client",
    "Clock",
    "Conflict",
    "Forbidden",
    "Interrupted",
    "InvalidArgument",
    "LocalFileMissing",
    "MalformedAnswer",
    "NotFound",
    "PayloadTooLarge",
    "PressError",
    "Redirected",
    "RetryBudget",
    "RetryPolicy",
    "ServerError",
    "StatusError",
    "Timeout",
    "Timeouts",
    "TooManyRequests",
    "TransportError",
    "Unauthorized",
    "UnexpectedStatus",
    "UnprocessableEntity",
    "Unreachable",
    "Untrusted",
    "base_url",
]

_NAMES = {
    "artifacts": ("Artifact",),
    "client": ("Client",),
    "errors": (
        "AnswerLost",
        "BadRequest",
        "Conflict",
        "Forbidden",
        "Interrupted",
        "InvalidArgument",
        "LocalFileMissing",
        "MalformedAnswer",
        "NotFound",
        "PayloadTooLarge",
        "PressError",
        "Redirected",
        "ServerError",
        "StatusError",
        "Timeout",
        "TooManyRequests",
        "TransportError",
        "Unauthorized",
        "UnexpectedStatus",
        "UnprocessableEntity",
        "Unreachable",
        "Untrusted",
    ),
    "retry": (
        "Clock",
        "RetryBudget",
        "RetryPolicy",
        "Timeouts",
    ),
    "stages": (
        "STAGES",
        "base_url",
    ),
}
"""The public names, by the module that they lie in."""

if not TYPE_CHECKING:  # To a type checker no other name exists.
    __getattr__ = load_late(__name__, _NAMES)

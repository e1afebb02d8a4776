"""The config of a workflow: images, steps, triggers and watchers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import Required, TypedDict

from pulumi_press.schema.images import Image
from pulumi_press.schema.shapes import Flag, Input, Like, Many, Named, Number, Text, shape
from pulumi_press.schema.steps import Step

__all__ = ["Events", "Trigger", "Watcher", "WorkflowConfig"]

# Written out, since what `\s` means differs from one language's patterns to the next.
Cron = Annotated[str, Like(r"^[ \t]*(@param:.+|[!-~]+([ \t]+[!-~]+){4,5})[ \t]*$", ("0 0 * * *",))]


@shape
class Trigger(TypedDict, total=False):
    """What starts a workflow: give `cron` or `webhook`."""

    cron: Input[Cron]
    """A schedule of five fields, such as `0 0 * * *`."""
    webhook: Input[bool]
    """True: a request starts it."""
    webhookId: Input[Text]
    """Id of the webhook."""


@shape
class Events(TypedDict, total=False):
    """What a watcher is told of."""

    success: Input[Flag]
    """A run ended well."""
    fail: Input[Flag]
    """A run failed."""
    runtimeExceeded: Input[Number]
    """A run took longer than so many minutes."""


@shape
class WatcherWebhook(TypedDict):
    """A request that tells of an event."""

    name: Input[Text]
    """Name of the webhook."""
    url: Input[Text]
    """Address."""
    payload: Input[str]
    """Body, a text."""


@shape
class Recipients(TypedDict):
    """Who gets an e-mail."""

    to: Input[Many[Input[Text]]]
    """E-mail addresses of users of the tenant."""


@shape
class WatcherEmail(TypedDict):
    """An e-mail that tells of an event."""

    name: Input[Text]
    """Name of the e-mail."""
    recipients: Input[Recipients]
    """Who gets it."""


@shape
class Watcher(TypedDict, total=False):
    """Who is told of a run: give one of `user`, `webhook` and `email`."""

    events: Required[Input[Events]]
    """What it is told of."""
    user: Input[Text]
    """E-mail address of a user of the tenant."""
    webhook: Input[WatcherWebhook]
    """A request to send."""
    email: Input[WatcherEmail]
    """An e-mail to send."""


@shape
class WorkflowConfig(TypedDict, total=False):
    """A workflow."""

    images: Input[Named[Input[Image]]]
    """Images that steps name in `imageRef`."""
    steps: Required[Input[Annotated[Named[Input[Step]], Field(min_length=1)]]]
    """Steps by name."""
    triggers: Input[Many[Input[Trigger]]]
    """What starts it. Empty: started by hand."""
    watchers: Input[Many[Input[Watcher]]]
    """Who is told of its runs."""

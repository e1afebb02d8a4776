"""The config of a workflow: images, steps, triggers and watchers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag
from typing_extensions import Required, TypedDict

from pulumi_press.schema.images import Image, ImageDetails
from pulumi_press.schema.shapes import Flag, Input, Integer, Like, Many, Named, Number, Referable, Text, Words, shape

__all__ = [
    "Auth",
    "Events",
    "ExecutionParameters",
    "ExportStep",
    "Headers",
    "HttpStep",
    "ParentStatus",
    "Recipients",
    "Repository",
    "RetryOptions",
    "RunConfiguration",
    "SkipConfiguration",
    "SqlParameters",
    "SqlRepository",
    "SqlStep",
    "StandardStep",
    "Step",
    "StepCondition",
    "StepParameters",
    "StepResources",
    "Trigger",
    "Watcher",
    "WatcherEmail",
    "WatcherWebhook",
    "WorkflowConfig",
]

RetryDuration = Annotated[float | str, Referable(Annotated[float, Field(ge=0, le=120)])]
RetryCount = Annotated[int | str, Referable(Annotated[int, Field(ge=0, le=5)])]


@shape
class StepCondition(TypedDict):
    """Runs the step only if an output parameter of another step has, or has not, a value."""

    condition: Input[Literal["equals", "not-equals"]]
    """How the values are compared."""
    paramName: Input[Text]
    """Name of the output parameter."""
    stepName: Input[Text]
    """Step that gives it."""
    value: Input[str]
    """The value compared with."""


@shape
class ParentStatus(TypedDict):
    """Runs the step only if its parents ended so."""

    condition: Input[Literal["all-of", "one-of"]]
    """Whether all parents count, or one will do."""
    parents: Input[Many[Input[str]]]
    """Names of the parents."""
    status: Input[Many[Input[Literal["success", "failure"]]]]
    """How they ended."""


@shape
class ExecutionParameters(TypedDict, total=False):
    """When a step runs."""

    conditional: Many[StepCondition]
    """Conditions on output parameters."""
    parentStatus: Many[ParentStatus]
    """Conditions on how parents ended."""


@shape
class RetryOptions(TypedDict, total=False):
    """How a failed step is tried again."""

    duration: Input[RetryDuration]
    """Seconds between tries, at most 120. Default 5."""
    exitCodes: Input[Many[Input[int]]]
    """Exit codes that are tried again. Default: all."""
    exponentialBackoff: Input[Flag]
    """Double the wait each time."""
    numberOfRetries: Input[RetryCount]
    """Tries after the first, at most 5. Default 3."""


@shape
class SkipConfiguration(TypedDict, total=False):
    """Whether a step is left out."""

    skip: Input[Flag]
    """Leave this step out. Default false."""
    skipDAG: Input[Flag]
    """Leave out what follows it too. Default false."""


@shape
class RunConfiguration(TypedDict, total=False):
    """How a step is run."""

    retryOptions: RetryOptions
    """Whether, and how often, it is tried again."""
    skipConfiguration: SkipConfiguration
    """Whether it is left out."""


@shape
class StepResources(TypedDict, total=False):
    """What a step runs on."""

    instanceTypeId: Input[Integer]
    """Id of the instance type."""
    storage: Input[Text]
    """Disk, such as `10GB`."""


@shape
class StepParameters(TypedDict, total=False):
    """What a step finds in its environment."""

    env: Input[Words]
    """Environment variables."""
    secrets: Input[Many[Input[str]]]
    """Names of secrets of the tenant."""
    inherit: Input[Words]
    """Environment variables taken from output parameters of other steps."""


@shape
class Repository(TypedDict, total=False):
    """A repository whose code the step runs."""

    branch: Input[Text]
    """Branch."""
    url: Input[Text]
    """Address."""
    token: Input[Text]
    """Token that may read it."""


@shape
class SqlRepository(TypedDict, total=False):
    """A repository that holds the query."""

    branch: Required[Input[Text]]
    """Branch."""
    url: Required[Input[Text]]
    """Address."""
    filePath: Required[Input[Text]]
    """Path of the query's file in it."""
    token: Input[Text]
    """Token that may read it."""


@shape
class SqlParameters(TypedDict, total=False):
    """Values that the query uses."""

    env: Input[Words]
    """Values by name."""
    inherit: Input[Words]
    """Values taken from output parameters of other steps."""


@shape
class Headers(TypedDict, total=False):
    """Headers of a request."""

    absolute: Input[Words]
    """Headers with their text."""
    secrets: Input[Words]
    """Headers whose text is in a secret of the tenant, by the secret's name."""


@shape
class Auth(TypedDict, total=False):
    """How a request authenticates. All but `type` and `authUrl` are names of secrets of the tenant, or user names."""

    type: Required[Input[Literal["no-auth", "oauth", "basic", "api-key", "bearer-token"]]]
    """Kind of authentication."""
    clientId: Input[str]
    """For `oauth`."""
    clientSecret: Input[str]
    """For `oauth`."""
    authUrl: Input[str]
    """For `oauth`."""
    username: Input[str]
    """For `basic`."""
    password: Input[str]
    """For `basic`."""
    apiKey: Input[str]
    """For `api-key`."""
    bearerToken: Input[str]
    """For `bearer-token`."""


@shape
class _StepBase(TypedDict, total=False):
    """What all steps share."""

    parents: Input[Many[Input[str]]]
    """Names of the steps that run before it."""
    executionParameters: ExecutionParameters
    """When it runs."""
    runConfiguration: RunConfiguration
    """How it is run."""


@shape
class StandardStep(_StepBase, total=False):
    """Runs a command in an image."""

    type: Input[Literal["standard"]]
    """`standard`, the default."""
    image: Image
    """An image to build. Give this, `imageRef` or `imageDetails`."""
    imageRef: Input[Text]
    """Name of an image in `images`."""
    imageDetails: ImageDetails
    """An image that exists."""
    command: Required[Input[Text]]
    """Command to run."""
    resources: StepResources
    """What it runs on."""
    stepTimeout: Input[Number]
    """Time after which it is stopped."""
    clearImageCache: Input[Flag]
    """Build its image anew."""
    repository: Repository
    """A repository whose code it runs."""
    parameters: StepParameters
    """What it finds in its environment."""
    outputParameters: Input[Words]
    """Output parameters, by name, with the file that holds each."""


@shape
class HttpStep(_StepBase, total=False):
    """Sends a request."""

    type: Required[Input[Literal["http"]]]
    """`http`."""
    method: Required[Input[Literal["get", "post", "put", "patch", "delete"]]]
    """Method."""
    url: Required[Input[Text]]
    """Address."""
    payload: Input[str]
    """Body, JSON text."""
    headers: Headers
    """Headers."""
    auth: Auth
    """How it says who it is."""
    parameters: StepParameters
    """What it finds in its environment."""
    outputParameters: Input[Named[Input[Literal["response.txt"]]]]
    """Output parameters, by name; the file is always `response.txt`."""


@shape
class ExportStep(_StepBase, total=False):
    """Exports a table."""

    type: Required[Input[Literal["export"]]]
    """`export`."""
    schema: Required[Input[Text]]
    """Schema of the table."""
    table: Required[Input[Text]]
    """Table."""
    sortBy: Required[Input[Text]]
    """Column to sort by."""
    sortOrder: Input[Literal["asc", "desc"]]
    """Direction. Default `asc`."""
    compression: Input[Flag]
    """Compress with gzip. Default false."""


@shape
class SqlStep(_StepBase, total=False):
    """Runs a query."""

    type: Required[Input[Literal["sql"]]]
    """`sql`."""
    sqlQueryPath: Input[Text]
    """Path of the query inside the artifact. Give this or `repository`."""
    repository: SqlRepository
    """Where the query is, if not in the artifact. Give this or `sqlQueryPath`."""
    parameters: SqlParameters
    """Values for the query."""


def _case(step: object) -> str:
    return f"<{step.get('type', 'standard')}>" if isinstance(step, dict) else "<standard>"


Step = Annotated[
    Annotated[StandardStep, Tag("<standard>")]
    | Annotated[HttpStep, Tag("<http>")]
    | Annotated[ExportStep, Tag("<export>")]
    | Annotated[SqlStep, Tag("<sql>")],
    Discriminator(_case),
]
"""A step; its `type` selects the kind."""


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
    """The events that a watcher is notified of."""

    success: Input[Flag]
    """A run succeeded."""
    fail: Input[Flag]
    """A run failed."""
    runtimeExceeded: Input[Number]
    """A run took longer than so many minutes."""


@shape
class WatcherWebhook(TypedDict):
    """A request that reports an event."""

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
    """An e-mail that reports an event."""

    name: Input[Text]
    """Name of the e-mail."""
    recipients: Recipients
    """Who gets it."""


@shape
class Watcher(TypedDict, total=False):
    """Who is notified of runs: give one of `user`, `webhook` and `email`."""

    events: Required[Events]
    """The events that it is notified of."""
    user: Input[Text]
    """E-mail address of a user of the tenant."""
    webhook: WatcherWebhook
    """A request to send."""
    email: WatcherEmail
    """An e-mail to send."""


@shape
class WorkflowConfig(TypedDict, total=False):
    """A workflow."""

    images: Named[Image]
    """Images that steps name in `imageRef`."""
    steps: Required[Annotated[Named[Step], Field(min_length=1)]]
    """Steps by name."""
    triggers: Many[Trigger]
    """What starts it. Empty: started by hand."""
    watchers: Many[Watcher]
    """Who is notified of its runs."""

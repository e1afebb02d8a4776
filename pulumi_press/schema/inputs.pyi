# Written by `python -m tools.input_shapes`, from the shapes in this folder.
# Read-only, so that a variable of the type of a shape, which takes less, is accepted, too.

from typing import Any, Literal, TypeAlias

from pulumi import Input
from typing_extensions import ReadOnly, Required, TypedDict

from pulumi_press.schema.arguments import Artifact as Artifact
from pulumi_press.schema.arguments import OnFailure
from pulumi_press.schema.arguments import SpecRelease as SpecRelease
from pulumi_press.schema.arguments import Timeouts as Timeouts
from pulumi_press.schema.bodies import BodyVersion, ContentType, Kind, Scope, SpecStatus
from pulumi_press.schema.bodies import Release as Release
from pulumi_press.schema.bodies import ReleaseVersion as ReleaseVersion
from pulumi_press.schema.bodies import RevisionNotes as RevisionNotes
from pulumi_press.schema.bodies import Tag as Tag
from pulumi_press.schema.images import Image as Image
from pulumi_press.schema.images import ImageDetails as ImageDetails
from pulumi_press.schema.parameters import Condition as Condition
from pulumi_press.schema.parameters import Option as Option
from pulumi_press.schema.parameters import ParameterType
from pulumi_press.schema.parameters import ParameterValues as ParameterValues
from pulumi_press.schema.plain import Adopt
from pulumi_press.schema.service import Instances
from pulumi_press.schema.service import ServiceParameters as ServiceParameters
from pulumi_press.schema.service import ServiceResources as ServiceResources
from pulumi_press.schema.shapes import Flag, Many, Named, Number, Text, Words
from pulumi_press.schema.workflow import Auth as Auth
from pulumi_press.schema.workflow import Events as Events
from pulumi_press.schema.workflow import Headers as Headers
from pulumi_press.schema.workflow import ParentStatus as ParentStatus
from pulumi_press.schema.workflow import Recipients as Recipients
from pulumi_press.schema.workflow import Repository as Repository
from pulumi_press.schema.workflow import RetryOptions as RetryOptions
from pulumi_press.schema.workflow import SkipConfiguration as SkipConfiguration
from pulumi_press.schema.workflow import SqlParameters as SqlParameters
from pulumi_press.schema.workflow import SqlRepository as SqlRepository
from pulumi_press.schema.workflow import StepCondition as StepCondition
from pulumi_press.schema.workflow import StepParameters as StepParameters
from pulumi_press.schema.workflow import StepResources as StepResources
from pulumi_press.schema.workflow import Trigger as Trigger
from pulumi_press.schema.workflow import WatcherWebhook as WatcherWebhook

class Conditions(TypedDict, total=False):
    conditionType: ReadOnly[Required[Input[Literal["AND", "OR"]]]]
    conditions: ReadOnly[Required[Input[Many[Input[AnyCondition]]]]]

class Parameter(TypedDict, total=False):
    name: ReadOnly[Required[Input[Text]]]
    type: ReadOnly[Required[Input[ParameterType]]]
    required: ReadOnly[Required[Input[bool]]]
    title: ReadOnly[Input[str]]
    description: ReadOnly[Input[str]]
    defaultValue: ReadOnly[Input[Any]]
    options: ReadOnly[Input[Many[Input[Option]]]]
    hideValue: ReadOnly[Input[bool]]
    conditions: ReadOnly[Input[Many[Input[AnyCondition]]]]
    properties: ReadOnly[Input[Many[Input[Parameter]]]]

class Parameters(TypedDict, total=False):
    build: ReadOnly[Input[Many[Input[Parameter]]]]
    run: ReadOnly[Input[Many[Input[Parameter]]]]

class ExecutionParameters(TypedDict, total=False):
    conditional: ReadOnly[Input[Many[Input[StepCondition]]]]
    parentStatus: ReadOnly[Input[Many[Input[ParentStatus]]]]

class RunConfiguration(TypedDict, total=False):
    retryOptions: ReadOnly[Input[RetryOptions]]
    skipConfiguration: ReadOnly[Input[SkipConfiguration]]

class StandardStep(TypedDict, total=False):
    parents: ReadOnly[Input[Many[Input[str]]]]
    executionParameters: ReadOnly[Input[ExecutionParameters]]
    runConfiguration: ReadOnly[Input[RunConfiguration]]
    type: ReadOnly[Input[Literal["standard"]]]
    image: ReadOnly[Input[Image]]
    imageRef: ReadOnly[Input[Text]]
    imageDetails: ReadOnly[Input[ImageDetails]]
    command: ReadOnly[Required[Input[Text]]]
    resources: ReadOnly[Input[StepResources]]
    stepTimeout: ReadOnly[Input[Number]]
    clearImageCache: ReadOnly[Input[Flag]]
    repository: ReadOnly[Input[Repository]]
    parameters: ReadOnly[Input[StepParameters]]
    outputParameters: ReadOnly[Input[Words]]

class HttpStep(TypedDict, total=False):
    parents: ReadOnly[Input[Many[Input[str]]]]
    executionParameters: ReadOnly[Input[ExecutionParameters]]
    runConfiguration: ReadOnly[Input[RunConfiguration]]
    type: ReadOnly[Required[Input[Literal["http"]]]]
    method: ReadOnly[Required[Input[Literal["get", "post", "put", "patch", "delete"]]]]
    url: ReadOnly[Required[Input[Text]]]
    payload: ReadOnly[Input[str]]
    headers: ReadOnly[Input[Headers]]
    auth: ReadOnly[Input[Auth]]
    parameters: ReadOnly[Input[StepParameters]]
    outputParameters: ReadOnly[Input[Named[Input[Literal["response.txt"]]]]]

class ExportStep(TypedDict, total=False):
    parents: ReadOnly[Input[Many[Input[str]]]]
    executionParameters: ReadOnly[Input[ExecutionParameters]]
    runConfiguration: ReadOnly[Input[RunConfiguration]]
    type: ReadOnly[Required[Input[Literal["export"]]]]
    schema: ReadOnly[Required[Input[Text]]]
    table: ReadOnly[Required[Input[Text]]]
    sortBy: ReadOnly[Required[Input[Text]]]
    sortOrder: ReadOnly[Input[Literal["asc", "desc"]]]
    compression: ReadOnly[Input[Flag]]

class SqlStep(TypedDict, total=False):
    parents: ReadOnly[Input[Many[Input[str]]]]
    executionParameters: ReadOnly[Input[ExecutionParameters]]
    runConfiguration: ReadOnly[Input[RunConfiguration]]
    type: ReadOnly[Required[Input[Literal["sql"]]]]
    sqlQueryPath: ReadOnly[Input[Text]]
    repository: ReadOnly[Input[SqlRepository]]
    parameters: ReadOnly[Input[SqlParameters]]

class WatcherEmail(TypedDict, total=False):
    name: ReadOnly[Required[Input[Text]]]
    recipients: ReadOnly[Required[Input[Recipients]]]

class Watcher(TypedDict, total=False):
    events: ReadOnly[Required[Input[Events]]]
    user: ReadOnly[Input[Text]]
    webhook: ReadOnly[Input[WatcherWebhook]]
    email: ReadOnly[Input[WatcherEmail]]

class WorkflowConfig(TypedDict, total=False):
    images: ReadOnly[Input[Named[Input[Image]]]]
    steps: ReadOnly[Required[Input[Named[Input[Step]]]]]
    triggers: ReadOnly[Input[Many[Input[Trigger]]]]
    watchers: ReadOnly[Input[Many[Input[Watcher]]]]

class ServiceConfig(TypedDict, total=False):
    serviceType: ReadOnly[Input[Literal["web-app", "api"]]]
    image: ReadOnly[Input[Image]]
    imageDetails: ReadOnly[Input[ImageDetails]]
    resources: ReadOnly[Input[ServiceResources]]
    parameters: ReadOnly[Input[ServiceParameters]]
    sessionStickiness: ReadOnly[Input[Flag]]
    scaleToZero: ReadOnly[Input[Flag]]
    entrypoint: ReadOnly[Input[str]]
    healthCheckURL: ReadOnly[Input[str]]
    minInstances: ReadOnly[Input[Instances]]

class Texts(TypedDict, total=False):
    name: ReadOnly[Input[Text]]
    title: ReadOnly[Input[str]]
    summary: ReadOnly[Input[str]]
    description: ReadOnly[Input[str]]
    descriptionContentType: ReadOnly[Input[ContentType]]
    imageUrl: ReadOnly[Input[str]]
    tags: ReadOnly[Input[Many[Input[Tag]]]]

class SpecMetadata(TypedDict, total=False):
    name: ReadOnly[Required[Input[Text]]]
    title: ReadOnly[Input[str]]
    summary: ReadOnly[Required[Input[Text]]]
    description: ReadOnly[Input[str]]
    descriptionContentType: ReadOnly[Input[ContentType]]
    imageUrl: ReadOnly[Input[str]]
    tags: ReadOnly[Input[Many[Input[Tag]]]]

class SpecMetadataPatch(TypedDict, total=False):
    name: ReadOnly[Input[Text]]
    title: ReadOnly[Input[str]]
    summary: ReadOnly[Input[str]]
    description: ReadOnly[Input[str]]
    descriptionContentType: ReadOnly[Input[ContentType]]
    imageUrl: ReadOnly[Input[str]]
    tags: ReadOnly[Input[Many[Input[Tag]]]]
    status: ReadOnly[Input[SpecStatus]]

class DeploymentMetadata(TypedDict, total=False):
    name: ReadOnly[Required[Input[Text]]]
    title: ReadOnly[Input[str]]
    summary: ReadOnly[Input[str]]
    description: ReadOnly[Input[str]]
    descriptionContentType: ReadOnly[Input[ContentType]]
    imageUrl: ReadOnly[Input[str]]
    tags: ReadOnly[Input[Many[Input[Tag]]]]

class SpecBody(TypedDict, total=False):
    version: ReadOnly[Required[Input[BodyVersion]]]
    kind: ReadOnly[Required[Input[Kind]]]
    metadata: ReadOnly[Required[Input[SpecMetadata]]]
    release: ReadOnly[Required[Input[Release]]]
    config: ReadOnly[Required[Input[Config]]]

class ReleaseBody(TypedDict, total=False):
    release: ReadOnly[Required[Input[Release]]]
    config: ReadOnly[Required[Input[Config]]]

class SpecPatch(TypedDict, total=False):
    metadata: ReadOnly[Input[SpecMetadataPatch]]
    featured: ReadOnly[Input[bool]]
    scope: ReadOnly[Input[Scope]]
    tenants: ReadOnly[Input[Many[Input[Text]]]]

class DeploymentSpec(TypedDict, total=False):
    id: ReadOnly[Required[Input[Text]]]
    release: ReadOnly[Input[ReleaseVersion]]

class DeploymentBody(TypedDict, total=False):
    metadata: ReadOnly[Required[Input[DeploymentMetadata]]]
    spec: ReadOnly[Required[Input[DeploymentSpec]]]
    revision: ReadOnly[Input[RevisionNotes]]
    parameters: ReadOnly[Input[ParameterValues]]

class RevisionBody(TypedDict, total=False):
    release: ReadOnly[Input[ReleaseVersion]]
    revision: ReadOnly[Input[RevisionNotes]]
    parameters: ReadOnly[Input[ParameterValues]]

class BlockSpecArgs(TypedDict, total=False):
    version: ReadOnly[Input[BodyVersion]]
    kind: ReadOnly[Required[Input[Kind]]]
    metadata: ReadOnly[Required[Input[SpecMetadata]]]
    release: ReadOnly[Input[SpecRelease]]
    config: ReadOnly[Required[Input[Config]]]
    artifact: ReadOnly[Input[Artifact]]
    parameters: ReadOnly[Input[Parameters]]
    featured: ReadOnly[Input[bool]]
    scope: ReadOnly[Input[Scope]]
    tenants: ReadOnly[Input[Many[Input[Text]]]]
    auto_run_on_deploy: ReadOnly[Input[bool]]
    adopt: ReadOnly[Input[Adopt]]

class ReleaseArgs(TypedDict, total=False):
    release: ReadOnly[Required[Input[Release]]]
    config: ReadOnly[Required[Input[Config]]]
    artifact: ReadOnly[Input[Artifact]]
    parameters: ReadOnly[Input[Parameters]]
    auto_run_on_deploy: ReadOnly[Input[bool]]

class BlockSpecReleaseArgs(TypedDict, total=False):
    release: ReadOnly[Required[Input[Release]]]
    config: ReadOnly[Required[Input[Config]]]
    artifact: ReadOnly[Input[Artifact]]
    parameters: ReadOnly[Input[Parameters]]
    auto_run_on_deploy: ReadOnly[Input[bool]]
    spec_id: ReadOnly[Required[Input[Text]]]

class DeploymentArgs(TypedDict, total=False):
    metadata: ReadOnly[Required[Input[DeploymentMetadata]]]
    parameters: ReadOnly[Input[ParameterValues]]
    revision: ReadOnly[Input[RevisionNotes]]
    triggers: ReadOnly[Input[Named[Input[Any]]]]
    timeouts: ReadOnly[Input[Timeouts]]
    adopt: ReadOnly[Input[Adopt]]

class BlockDeploymentArgs(TypedDict, total=False):
    metadata: ReadOnly[Required[Input[DeploymentMetadata]]]
    parameters: ReadOnly[Input[ParameterValues]]
    revision: ReadOnly[Input[RevisionNotes]]
    triggers: ReadOnly[Input[Named[Input[Any]]]]
    timeouts: ReadOnly[Input[Timeouts]]
    adopt: ReadOnly[Input[Adopt]]
    spec: ReadOnly[Required[Input[DeploymentSpec]]]

class AwaitedDeploymentArgs(TypedDict, total=False):
    metadata: ReadOnly[Required[Input[DeploymentMetadata]]]
    parameters: ReadOnly[Input[ParameterValues]]
    revision: ReadOnly[Input[RevisionNotes]]
    triggers: ReadOnly[Input[Named[Input[Any]]]]
    timeouts: ReadOnly[Input[Timeouts]]
    adopt: ReadOnly[Input[Adopt]]
    spec: ReadOnly[Required[Input[DeploymentSpec]]]
    wait: ReadOnly[Input[bool]]
    on_failure: ReadOnly[Input[OnFailure]]

AnyCondition: TypeAlias = Condition | Conditions
Step: TypeAlias = StandardStep | HttpStep | ExportStep | SqlStep
Config: TypeAlias = WorkflowConfig | ServiceConfig
DeploymentPatch: TypeAlias = Texts

"""The config of a service: a web app or an API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict

from pulumi_press.schema.images import Image, ImageDetails
from pulumi_press.schema.shapes import Flag, Input, Integer, Many, Referable, Words, shape

__all__ = ["ServiceConfig", "ServiceParameters", "ServiceResources"]

Instances = Annotated[int | str, Referable(Annotated[int, Field(ge=1, le=2)])]


@shape
class ServiceResources(TypedDict, total=False):
    """What a service runs on."""

    instanceTypeId: Required[Input[Integer]]
    """Id of the instance type."""


@shape
class ServiceParameters(TypedDict, total=False):
    """What a service finds in its environment."""

    env: Input[Words]
    """Environment variables."""
    secrets: Input[Many[Input[str]]]
    """Names of secrets of the tenant."""


@shape
class ServiceConfig(TypedDict, total=False):
    """A web app or an API."""

    serviceType: Input[Literal["web-app", "api"]]
    """Kind of service. Default `web-app`."""
    image: Image
    """An image to build. Give this or `imageDetails`."""
    imageDetails: ImageDetails
    """An image that exists. Give this or `image`."""
    resources: ServiceResources
    """What it runs on."""
    parameters: ServiceParameters
    """What it finds in its environment."""
    sessionStickiness: Input[Flag]
    """Keep a visitor on one instance; only for a web app. Default false."""
    scaleToZero: Input[Flag]
    """Stop when nobody uses it; only for a web app. Default false."""
    entrypoint: Input[str]
    """Command that starts it."""
    healthCheckURL: Input[str]
    """Path of the health check."""
    minInstances: Input[Instances]
    """Instances at least, 1 or 2. Default 1."""

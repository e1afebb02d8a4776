"""Container images of a block: built from its artifact, or existing already."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import Required, TypedDict

from pulumi_press.schema.shapes import Either, Flag, Input, Many, SemVer, Text, Words, shape

__all__ = ["Image", "ImageDetails"]


Identity = Annotated[int | str, Either("a whole number or a text")]


@shape
class Image(TypedDict, total=False):
    """An image that Press builds from the artifact."""

    version: Input[SemVer]
    """Version of the image, semver."""
    dockerfile: Input[Text]
    """Path of the Dockerfile inside the artifact."""
    context: Input[Text]
    """Build context, a path inside the artifact."""
    useCache: Input[Flag]
    """Reuse layers of earlier builds. Default true."""
    buildArguments: Input[Words]
    """Build arguments by name."""
    secrets: Input[Many[Input[str]]]
    """Names of secrets of the tenant that the build may use."""


@shape
class ImageDetails(TypedDict, total=False):
    """An image that exists on the platform already."""

    id: Required[Input[Identity]]
    """Id of the image."""
    versionId: Input[Identity]
    """Id of the image's version. Default: the latest."""

"""Container images of a block: built from its artifact, or existing already."""

from __future__ import annotations

from typing import Annotated, Any

from typing_extensions import Required, TypedDict

from pulumi_press.schema.failures import join
from pulumi_press.schema.plain import contains_unknown
from pulumi_press.schema.shapes import Either, Flag, Input, Many, SemVer, Text, Words, shape

__all__ = ["Image", "ImageDetails", "find_built_images"]


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


def find_built_images(config: dict[str, Any]) -> list[str]:
    """Return the paths of the images that are built from the artifact, in a config of any shape.

    Images that only steps with a repository use are not.
    """
    images, steps = config.get("images"), config.get("steps")
    given = steps if isinstance(steps, dict) else {}
    known = {name: step for name, step in given.items() if isinstance(step, dict)}
    users: dict[str, list[bool]] = {name: [] for name in images} if isinstance(images, dict) else {}
    for step in known.values():
        if isinstance(reference := step.get("imageRef"), str) and reference in users:
            users[reference].append("repository" in step)
    if contains_unknown(steps):
        # An unknown step may use the image, with a repository.
        users = {name: brings for name, brings in users.items() if not all(brings)}
    return [
        *(join("config", "images", name) for name, brings in users.items() if not (brings and all(brings))),
        *(
            join("config", "steps", name, "image")
            for name, step in known.items()
            if "image" in step and "repository" not in step
        ),
        *(["config.image"] if "image" in config else []),
    ]

"""Requests about deployments: the deployments, their revisions and their parameters."""

# ruff: noqa: PLR0917 - the signatures are the SDK's own.

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import yaml

from pulumi_press.client.errors import InvalidArgument, LocalFileMissing
from pulumi_press.client.listing import listing
from pulumi_press.client.request import new_request, url_path
from pulumi_press.client.responses import (
    CREATED,
    DEPLOYMENT,
    PARAMETERS,
    REVISED,
    REVISION,
    blocks_of,
    changed,
    parent_of,
    patched,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_press.client.responses import Json
    from pulumi_press.client.transport import Transport

__all__ = ["DeploymentRequests", "ParameterRequests", "deployment_id_or_none", "read_details", "read_parameters"]

_DEPLOYMENTS = "/v1/blocks/deployments/"
_DEPLOYMENT = "/v1/blocks/deployments/{deployment_id}"
_REDEPLOY = "/v1/blocks/deployments/{deployment_id}/redeploy"
_REVISIONS = "/v1/blocks/deployments/{deployment_id}/revisions"
_REVISION = "/v1/blocks/deployments/{deployment_id}/revisions/{revision}"

Strings = Sequence[str]


class DeploymentRequests:
    """The requests about deployments and revisions, under the SDK's names and arguments."""

    _transport: Transport

    def create_deployment(self, body: Mapping[str, Any]) -> Json:
        """Create a deployment: `{id}`. The rollout continues after the response.

        Args:
            body: `{metadata, spec: {id, release: {version}}, revision: {notes}, parameters: {build, run}}`. Without a
                version, the latest release.

        Raises:
            PressError: With `outcome_unknown` true if the deployment may have been created.
        """
        return self._transport.send(new_request("POST", _DEPLOYMENTS, body=body), CREATED)

    @overload
    def list_deployments(
        self,
        status: Strings | None = None,
        name: str | None = None,
        title: str | None = None,
        sort: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[True] = True,
    ) -> Iterator[Json]: ...

    @overload
    def list_deployments(
        self,
        status: Strings | None = None,
        name: str | None = None,
        title: str | None = None,
        sort: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[False],
    ) -> Json: ...

    def list_deployments(
        self,
        status: Strings | None = None,
        name: str | None = None,
        title: str | None = None,
        sort: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: bool = True,
    ) -> Iterator[Json] | Json:
        """List deployments: `{id, kind, metadata, latestRevision, spec}` each.

        Args:
            status: Such as `deploying`, `deployed`, `failed`, `warning`.
            name: Only deployments whose name starts with this.
            title: Only deployments whose title starts with this.
            sort: Of `createdAt`, `createdBy`, `name`, `title`, each with `:asc` or `:desc`.
            page_size: Items on each page.
            page_number: Which page, from 1. Only used without the iterator.
            return_iterator: True for an iterator over all pages, False for the object of one page.

        Raises:
            PressError: While iterating; at once if an argument cannot be sent.
        """
        query = {"status": status, "name": name, "title": title, "sort": sort, "pageSize": page_size}
        request = new_request("GET", _DEPLOYMENTS, query=query)
        return listing(
            self._transport, request, "deployments", page_number=page_number, return_iterator=return_iterator
        )

    def describe_deployment(self, deployment_id: str) -> Json:
        """Return a deployment with its latest revision and that one's resources. Hidden parameters are masked."""
        return self._transport.send(new_request("GET", url_path(_DEPLOYMENT, deployment_id=deployment_id)), DEPLOYMENT)

    def update_deployment_metadata(self, deployment_id: str, body: Mapping[str, Any]) -> Json:
        """Change `{name, title, summary, description, ...}`, any of them, without a wrapper: the changed deployment."""
        path = url_path(_DEPLOYMENT, deployment_id=deployment_id)
        return self._transport.send(new_request("PATCH", path, body=body), changed)

    def redeploy(self, deployment_id: str) -> Json:
        """Deploy the latest revision of a failed deployment again: `{deploymentId, revision, revisionId}`.

        Raises:
            Conflict: The deployment is neither `failed` nor in `warning`.
            PressError: With `outcome_unknown` true if it may have started.
        """
        return self._transport.send(new_request("POST", url_path(_REDEPLOY, deployment_id=deployment_id)), changed)

    def delete_deployment(self, deployment_id: str) -> Json:
        """Delete a deployment and its platform resource: `{}`. The deletion may continue after the response."""
        path = url_path(_DEPLOYMENT, deployment_id=deployment_id)
        return self._transport.send(new_request("DELETE", path), changed)

    def create_deployment_revision(self, deployment_id: str, body: Mapping[str, Any]) -> Json:
        """Create a revision: `{id, revision}`, the deployment's id and the new number.

        Args:
            deployment_id: The deployment's id.
            body: `{release: {version}, revision: {notes}, parameters: {build, run}}`, all optional.

        Raises:
            PressError: With `outcome_unknown` true if the revision may have been created.
        """
        path = url_path(_REVISIONS, deployment_id=deployment_id)
        return self._transport.send(new_request("POST", path, body=body), REVISED)

    def describe_deployment_revision(self, deployment_id: str, revision: str | int) -> Json:
        """Return one revision, by its number: `{revision, status, resources, spec, parameters, ...}`."""
        path = url_path(_REVISION, deployment_id=deployment_id, revision=revision)
        return self._transport.send(new_request("GET", path), REVISION)

    @overload
    def list_deployment_revisions(
        self,
        deployment_id: str,
        sort: Strings | None = None,
        status: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[True] = True,
    ) -> Iterator[Json]: ...

    @overload
    def list_deployment_revisions(
        self,
        deployment_id: str,
        sort: Strings | None = None,
        status: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[False],
    ) -> Json: ...

    def list_deployment_revisions(
        self,
        deployment_id: str,
        sort: Strings | None = None,
        status: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: bool = True,
    ) -> Iterator[Json] | Json:
        """List the revisions of a deployment: `{id, revision, status, notes, createdAt, createdBy}` each.

        Pages and errors as in `list_deployments`. (The SDK's own iterator fails here: it reads the wrong key.)
        """
        query = {"sort": sort, "status": status, "pageSize": page_size}
        request = new_request("GET", url_path(_REVISIONS, deployment_id=deployment_id), query=query)
        return listing(self._transport, request, "revisions", page_number=page_number, return_iterator=return_iterator)


_PARAMETERS = "/v1/deployments/{deployment_id}/parameters/run"
_EXECUTE = "/v1/deployments/{deployment_id}/execute"
_BLOCK = "/v1/blocks/deployments/{deployment_id}"
_APP = "/v1/apps/deployments/{app_id}"


class ParameterRequests:
    """The requests about running deployments, under the SDK's names and arguments."""

    _transport: Transport

    def get_parameters(
        self, deployment_id: str | None = None, fallback_params_file: str | os.PathLike[str] | None = None
    ) -> Json:
        """Return the run parameters of a deployment, or of a local file: `{name: value}`.

        Args:
            deployment_id: Ignored where the environment has `PRESS_DEPLOYMENT_ID`, even an empty one.
            fallback_params_file: A YAML or JSON file, read only if there is no id. Then nothing is sent.

        Raises:
            InvalidArgument: There is neither an id nor a file, or the file cannot be read.
            LocalFileMissing: There is no id and no such file.
            PressError: Any other.
        """
        chosen = deployment_id_or_none(deployment_id)
        if chosen is None:
            return read_parameters(fallback_params_file)
        return self._transport.send(new_request("GET", url_path(_PARAMETERS, deployment_id=chosen)), PARAMETERS)

    def patch_parameters(self, deployment_id: str, body: Mapping[str, Any]) -> Json:
        """Change run parameters of a deployment, `{name: value}`, without a new revision; return the changed ones."""
        path = url_path(_PARAMETERS, deployment_id=deployment_id)
        return self._transport.send(new_request("PATCH", path, body=body), patched(body))

    def get_related_block_details(
        self, deployment_id: str | None = None, fallback_details_file: str | os.PathLike[str] | None = None
    ) -> list[Json]:
        """Return the blocks of the same app: `{id, resource_id, kind, name, status}` each, or none.

        `resource_id` may be None. Which deployment, the local file and the errors are as in `get_parameters`, but the
        file holds a list.
        """
        chosen = deployment_id_or_none(deployment_id)
        if chosen is None:
            return read_details(fallback_details_file)
        app_id = self._transport.send(new_request("GET", url_path(_BLOCK, deployment_id=chosen)), parent_of)
        if app_id is None:
            return []
        return self._transport.send(new_request("GET", url_path(_APP, app_id=app_id)), blocks_of)

    def execute_resources(self, deployment_id: str) -> Json:
        """Run the resources of the latest revision now.

        No resource of this package uses it: it completes the API, and the contract tests compare it with the SDK's.

        Returns:
            `{executeResponse: [{blockSpecId, version, executionId, status}]}`.

        Raises:
            PressError: With `outcome_unknown` true if the run may have started.
        """
        return self._transport.send(new_request("POST", url_path(_EXECUTE, deployment_id=deployment_id)), changed)


VARIABLE = "PRESS_DEPLOYMENT_ID"


def deployment_id_or_none(argument: str | None) -> str | None:
    """Return the id of the deployment that the program runs in, else the one it was given, else None.

    As in the SDK, the variable counts even if it is empty: then there is no id, whatever the argument is.
    """
    return os.environ.get(VARIABLE, argument) or None


def read_parameters(path: str | os.PathLike[str] | None) -> Json:
    """Read `{name: value}` from a YAML or JSON file.

    Raises:
        InvalidArgument: No path was given, or the file does not hold an object.
        LocalFileMissing: There is no such file.
    """
    content = _read(path, "fallback_params_file")
    if not isinstance(content, dict):
        raise InvalidArgument(f"fallback_params_file {str(path)!r} must hold an object of names and values")
    return content


def read_details(path: str | os.PathLike[str] | None) -> list[Json]:
    """Read a list of block details from a YAML or JSON file.

    Raises:
        InvalidArgument: No path was given, or the file does not hold a list of objects.
        LocalFileMissing: There is no such file.
    """
    content = _read(path, "fallback_details_file")
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise InvalidArgument(f"fallback_details_file {str(path)!r} must hold a list of objects")
    return content


def _read(path: str | os.PathLike[str] | None, argument: str) -> Any:
    if not path:
        raise InvalidArgument(f"there is no deployment id: give deployment_id, set {VARIABLE}, or give {argument}")
    file = Path(path)
    if not file.is_file():
        raise LocalFileMissing(f"{argument} {str(path)!r} does not exist")
    try:
        text = file.read_text(encoding="utf-8-sig")
        try:
            return json.loads(text)  # First: YAML reads some JSON differently, such as 1e3 and tabs.
        except ValueError:
            return yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = str(error)
    raise InvalidArgument(f"{argument} {str(path)!r} cannot be read as YAML or JSON: {reason}")

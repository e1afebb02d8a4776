"""Deployments and their revisions."""

# ruff: noqa: PLR0917 - the signatures are the SDK's own.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from pulumi_press.client.listing import listing
from pulumi_press.client.request import new_request, url_path
from pulumi_press.client.responses import CREATED, DEPLOYMENT, REVISED, REVISION, changed

if TYPE_CHECKING:
    from pulumi_press.client.responses import Json
    from pulumi_press.client.transport import Transport

__all__ = ["DeploymentRequests"]

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

"""Specs and their releases."""

# ruff: noqa: FBT001, PLR0917 - the signatures are the SDK's own.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.listing import listing
from pulumi_press.client.request import Form, json_text, new_request, url_path
from pulumi_press.client.responses import AN_OBJECT, CREATED, RELEASE, RELEASED, SPEC, changed

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_press.client.responses import Json, Shape
    from pulumi_press.client.transport import Transport

__all__ = ["Artifact", "Packed", "SpecRequests", "packed"]

_SPECS = "/v1/blocks/specs/"
_SPEC = "/v1/blocks/specs/{spec_id}"
_RELEASES = "/v1/blocks/specs/{spec_id}/releases"
_RELEASE = "/v1/blocks/specs/{spec_id}/releases/{version}"

Strings = Sequence[str]


class SpecRequests:
    """The requests about specs and releases, under the SDK's names and arguments."""

    _transport: Transport

    @overload
    def list_specs(
        self,
        status: Strings | None = None,
        featured: bool | None = None,
        name: str | None = None,
        title: str | None = None,
        sort: Strings | None = None,
        scope: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[True] = True,
    ) -> Iterator[Json]: ...

    @overload
    def list_specs(
        self,
        status: Strings | None = None,
        featured: bool | None = None,
        name: str | None = None,
        title: str | None = None,
        sort: Strings | None = None,
        scope: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[False],
    ) -> Json: ...

    def list_specs(
        self,
        status: Strings | None = None,
        featured: bool | None = None,
        name: str | None = None,
        title: str | None = None,
        sort: Strings | None = None,
        scope: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: bool = True,
    ) -> Iterator[Json] | Json:
        """List specs: `{id, kind, metadata, latestRelease, featured, scope, tenants}` each.

        Args:
            status: Of `available`, `unavailable`, `archived`.
            featured: Only specs that are, or are not, featured.
            name: Only specs whose name starts with this.
            title: Only specs whose title starts with this.
            sort: Of `createdAt`, `createdBy`, `name`, `title`, each with `:asc` or `:desc`.
            scope: Of `private`, `public`, `shared`.
            page_size: Items on each page.
            page_number: Which page, from 1. Only used without the iterator.
            return_iterator: True for an iterator over all pages, False for the object of one page.

        Raises:
            PressError: While iterating; at once if an argument cannot be sent.
        """
        query = {
            "status": status,
            "featured": featured,
            "name": name,
            "title": title,
            "sort": sort,
            "scope": scope,
            "pageSize": page_size,
        }
        request = new_request("GET", _SPECS, query=query)
        return listing(self._transport, request, "specs", page_number=page_number, return_iterator=return_iterator)

    def create_spec(
        self,
        body: Mapping[str, Any],
        artifact: Artifact | None = None,
        featured: bool | None = None,
        scope: str | None = None,
        tenants: Sequence[str] | None = None,
        parameters: Mapping[str, Any] | None = None,
        auto_run_on_deploy: bool | None = None,
        *,
        validate: bool = False,
    ) -> Json:
        """Create a spec with its first release: `{id}`.

        Args:
            body: `{version, kind, metadata, release, config}`.
            artifact: A folder, `{path, ignore_files}`, or a packed artifact.
            featured: Whether it is shown first. The service's default is false.
            scope: `private`, `public` or `shared`. The service's default is `private`.
            tenants: Tenants that it is shared with.
            parameters: `{build: [...], run: [...]}`, which the release declares.
            auto_run_on_deploy: Whether it runs when it is deployed. The service's default is false.
            validate: Only validate it: nothing is stored, and the response is `{success, message}`.

        Raises:
            PressError: With `outcome_unknown` true if the spec may have been created.
            pulumi_press.artifact.ArtifactError: The folder cannot be packed.
        """
        fields = {
            "spec": json_text(body, "body"),
            "featured": json_text(featured, "featured"),
            "scope": scope,
            "autoRunOnDeploy": json_text(auto_run_on_deploy, "auto_run_on_deploy"),
            "tenants": json_text(list(tenants), "tenants") if tenants else None,
            "parameters": json_text(parameters, "parameters") if parameters else None,
        }
        return self._publish(_SPECS, fields, artifact, CREATED, validate=validate)

    def describe_spec(self, spec_id: str) -> Json:
        """Read a spec with its latest release, its parameters and its artifact's id."""
        return self._transport.send(new_request("GET", url_path(_SPEC, spec_id=spec_id)), SPEC)

    def update_spec_metadata(self, spec_id: str, body: Mapping[str, Any]) -> Json:
        """Change `{metadata, featured, scope, tenants}`, any of them: the changed spec."""
        return self._transport.send(new_request("PATCH", url_path(_SPEC, spec_id=spec_id), body=body), changed)

    def delete_spec(self, spec_id: str) -> Json:
        """Delete a spec and all its releases: `{}`."""
        return self._transport.send(new_request("DELETE", url_path(_SPEC, spec_id=spec_id)), changed)

    def create_spec_release(
        self,
        spec_id: str,
        body: Mapping[str, Any],
        artifact: Artifact | None = None,
        parameters: Mapping[str, Any] | None = None,
        auto_run_on_deploy: bool | None = None,
        *,
        validate: bool = False,
    ) -> Json:
        """Publish a release of a spec: `{id, release: {version}}`, where `id` is the spec's.

        `body` is `{release, config}`. The other arguments and the errors are those of `create_spec`.
        """
        fields = {
            "spec": json_text(body, "body"),
            "autoRunOnDeploy": json_text(auto_run_on_deploy, "auto_run_on_deploy"),
            "parameters": json_text(parameters, "parameters") if parameters else None,
        }
        return self._publish(url_path(_RELEASES, spec_id=spec_id), fields, artifact, RELEASED, validate=validate)

    @overload
    def list_spec_releases(
        self,
        spec_id: str,
        sort: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[True] = True,
    ) -> Iterator[Json]: ...

    @overload
    def list_spec_releases(
        self,
        spec_id: str,
        sort: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: Literal[False],
    ) -> Json: ...

    def list_spec_releases(
        self,
        spec_id: str,
        sort: Strings | None = None,
        page_size: int | None = None,
        page_number: int | None = None,
        *,
        return_iterator: bool = True,
    ) -> Iterator[Json] | Json:
        """List the releases of a spec, newest first: `{id, version, notes, autoRunOnDeploy, createdAt, createdBy}`.

        `sort` takes `createdAt`, `createdBy`. Pages and errors as in `list_specs`.
        """
        query = {"pageSize": page_size, "sort": sort}
        request = new_request("GET", url_path(_RELEASES, spec_id=spec_id), query=query)
        return listing(self._transport, request, "releases", page_number=page_number, return_iterator=return_iterator)

    def describe_spec_release(self, spec_id: str, version: str) -> Json:
        """Read one release: `{artifact, config, parameters, notes, ...}`."""
        return self._transport.send(new_request("GET", url_path(_RELEASE, spec_id=spec_id, version=version)), RELEASE)

    def _publish(
        self,
        path: str,
        fields: Mapping[str, str | None],
        artifact: Artifact | None,
        shape: Shape[Json],
        *,
        validate: bool,
    ) -> Json:
        given = tuple((name, text) for name, text in fields.items() if text is not None)
        with packed(artifact) as archive:
            query = {"validate": "true"} if validate else {}
            request = new_request("POST", path, body=Form(given, archive), query=query, dry_run=validate)
            return self._transport.send(request, AN_OBJECT if validate else shape)


_KEYS = frozenset({"path", "ignore_files", "default_ignores"})


class Packed(Protocol):
    """A packed artifact, such as `pulumi_press.artifact.archive.Archive`. The caller deletes it."""

    @property
    def path(self) -> Path:
        """Path of the zip file."""
        ...


Artifact = Mapping[str, Any] | Packed
"""`{"path": folder, "ignore_files": [...]}` as in the SDK, and perhaps `default_ignores`, or a packed artifact."""


@contextmanager
def packed(artifact: Artifact | None) -> Iterator[Path | None]:
    """Yield the path of the zip file, or None without an artifact. A file that was packed here is deleted at the end.

    Raises:
        InvalidArgument: The mapping has unknown keys, or no path.
        pulumi_press.artifact.ArtifactError: The folder cannot be packed.
    """
    if artifact is None:
        yield None
    elif not isinstance(artifact, Mapping):
        yield artifact.path
    else:
        unknown = sorted(set(artifact) - _KEYS)
        if unknown or "path" not in artifact:
            wrong = f"has no {unknown[0]}" if unknown else "needs a path"
            raise InvalidArgument(f"artifact {wrong}: it is an object of path and, perhaps, ignore_files")
        if not artifact["path"]:  # As in the SDK, an empty path is no artifact.
            yield None
            return
        from pulumi_press.artifact.folder import Folder  # Late: most requests pack nothing.

        defaults = artifact.get("default_ignores", True)
        with Folder(artifact["path"], artifact.get("ignore_files"), default_ignores=defaults).pack() as archive:
            yield archive.path

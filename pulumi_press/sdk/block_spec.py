"""`BlockSpec`: a published workflow or service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_press.sdk.inputs import accept_any_argument, resolve_artifact
from pulumi_press.sdk.press_resource import PressResource

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from typing_extensions import Self

    from pulumi_press import schema

__all__ = ["BlockSpec"]


class BlockSpec(PressResource, module="press", name="BlockSpec"):
    """A published workflow or service, with its metadata, scope and releases.

    The arguments are those of the SDK's `create_spec`: the keys of its body, and its keyword arguments, under the same
    names. A change of metadata, `featured`, `scope` or `tenants` is made in place. A change of `config`, of a file of
    the artifact, of `parameters`, `auto_run_on_deploy` or `release.notes` publishes a new release; the spec keeps its
    id. Only another `kind` replaces it.
    """

    always_given = frozenset({"kind", "metadata", "config", "release"})
    has_unique_name = True
    publishes = True

    kind: pulumi.Output[str]
    """`workflow` or `service`."""
    metadata: pulumi.Output[dict[str, Any]]
    """Name, title, summary and other texts."""
    release: pulumi.Output[dict[str, Any]]
    """Version and notes of the release; the version is known in a preview even if it was left out."""
    config: pulumi.Output[dict[str, Any]]
    """What the block does."""
    artifact: pulumi.Output[dict[str, Any] | None]
    """The folder whose files the release ships, with their digest and names."""
    parameters: pulumi.Output[dict[str, Any] | None]
    """What the block asks for, at deployment (`build`) or while it runs (`run`)."""
    featured: pulumi.Output[bool | None]
    """Whether it is featured, as given."""
    scope: pulumi.Output[str | None]
    """Who may find and deploy it, as given."""
    tenants: pulumi.Output[list[str] | None]
    """Tenants that a `shared` spec is shared with."""
    auto_run_on_deploy: pulumi.Output[bool | None]
    """Whether it runs once whenever it is deployed, as given."""
    version: pulumi.Output[float | str | None]
    """Version of the body's shape, as given."""
    adopt: pulumi.Output[str | None]
    """Whether an existing spec of the same name is adopted, as given."""

    @accept_any_argument
    def __init__(
        self,
        resource_name: str,
        *,
        kind: pulumi.Input[schema.Kind],
        metadata: pulumi.Input[schema.inputs.SpecMetadata],
        config: pulumi.Input[schema.inputs.WorkflowConfig | schema.inputs.ServiceConfig],
        release: pulumi.Input[schema.SpecRelease | schema.Release] | None = None,
        artifact: pulumi.Input[schema.Artifact] | None = None,
        parameters: pulumi.Input[schema.inputs.Parameters] | None = None,
        featured: pulumi.Input[bool] | None = None,
        scope: pulumi.Input[schema.Scope] | None = None,
        tenants: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        auto_run_on_deploy: pulumi.Input[bool] | None = None,
        version: pulumi.Input[schema.BodyVersion] | None = None,
        adopt: pulumi.Input[schema.Adopt] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a spec.

        Args:
            resource_name: name of the resource in the program; the block's own name is `metadata["name"]`.
            kind: `workflow` or `service`.
            metadata: name, summary and other texts.
            config: what the block does: a workflow's steps, or a service.
            release: version and notes. A version left out is chosen: 1.0.0, then the next patch version whenever the
                content changes.
            artifact: the folder whose files the release ships; a relative path starts at the program's folder.
            parameters: what the block asks for, at deployment (`build`) or while it runs (`run`).
            featured: whether it is featured. Default false.
            scope: who may find and deploy it: `private` (default), `public` or `shared`.
            tenants: tenants that a `shared` spec is shared with.
            auto_run_on_deploy: run it once whenever it is deployed. Default false.
            version: version of the body's shape, as in the SDK. Default 1.
            adopt: whether an existing spec of the same name is adopted: `never`, `identical` or `always`. Default: the
                setting `press:adopt`.
            opts: Pulumi's options.
        """
        arguments = {
            "kind": kind,
            "metadata": metadata,
            "config": config,
            "release": release,
            "artifact": resolve_artifact(artifact),
            "parameters": parameters,
            "featured": featured,
            "scope": scope,
            "tenants": tenants,
            "auto_run_on_deploy": auto_run_on_deploy,
            "version": version,
            "adopt": adopt,
        }
        self._declare("BlockSpec", resource_name, arguments, opts)

    @classmethod
    def from_yaml(
        cls,
        resource_name: str,
        path: str | os.PathLike[str],
        *,
        params: Mapping[str, Any] | None = None,
        params_file: str | os.PathLike[str] | None = None,
        desc_file: str | os.PathLike[str] | None = None,
        notes_file: str | os.PathLike[str] | None = None,
        include_folders: Sequence[str | os.PathLike[str]] = (),
        list_env: bool = False,
        opts: pulumi.ResourceOptions | None = None,
        **overrides: Any,
    ) -> Self:
        """Declare a spec from a file of the `peak` command, one for `peak blocks specs create`.

        Args:
            resource_name: name of the resource in the program.
            path: the file; this and all other paths, also the artifact's, are relative to the program's folder.
            params: values of the file's template variables.
            params_file: a YAML file with more of them; `params` wins.
            desc_file: a `.md` or `.txt` file with the description.
            notes_file: a `.md` or `.txt` file with the notes of the release.
            include_folders: folders that the file may include from, in addition to the project's and the file's own.
            list_env: whether the file may list the environment (`os_env`), and not only read named variables.
            opts: Pulumi's options.
            overrides: arguments of this class; each replaces the file's argument as a whole.

        Raises:
            BlockfileError: the file cannot be read, or has mistakes.
        """
        from pulumi_press.sdk.from_yaml import load_arguments  # It is slow to load.

        arguments = load_arguments(
            "spec",
            path,
            overrides,
            params=params,
            params_file=params_file,
            desc_file=desc_file,
            notes_file=notes_file,
            include_folders=include_folders,
            list_env=list_env,
        )
        return cls(resource_name, **arguments, opts=opts)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read a spec that exists, without managing it: Pulumi never changes or deletes it.

        Args:
            resource_name: name of the resource in the program.
            id: its id.
            opts: Pulumi's options.
        """
        return cls._read(resource_name, id, opts)

    def _as_spec(self) -> dict[str, Any]:
        """Return the `spec` of a deployment of this spec, with the release that is declared here."""
        return {"id": self.id, "release": {"version": self.release_version}}

    @property
    def release_version(self) -> pulumi.Output[str]:
        """Version of the release, known in a preview even if it was left out."""
        # With `refresh --run-program`, a spec that does not exist yet has the program's own arguments, unchecked.
        return self.release.apply(lambda release: str((release or {}).get("version", "")))

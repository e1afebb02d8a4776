"""`BlockSpecRelease`: one more release of a spec, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_press.sdk.inputs import accept_any_argument, require_id, resolve_artifact
from pulumi_press.sdk.press_resource import PressResource, find_source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from typing_extensions import Self

    from pulumi_press import schema
    from pulumi_press.sdk.inputs import Untrusted

__all__ = ["BlockSpecRelease"]


class BlockSpecRelease(PressResource, module="press", name="BlockSpecRelease"):
    """A release of a spec that is declared separately from it.

    The arguments are those of the SDK's `create_spec_release`. A release never changes: another version is a new
    release, published before the old one leaves the state. The service cannot delete one release; deleting the spec
    deletes them all.
    """

    always_given = frozenset({"spec_id", "release", "config"})
    publishes = True

    spec_id: pulumi.Output[str]
    """Id of the spec."""
    release: pulumi.Output[dict[str, Any]]
    """Version and notes."""
    config: pulumi.Output[dict[str, Any]]
    """What the block does."""
    artifact: pulumi.Output[dict[str, Any] | None]
    """The folder whose files the release ships, with their digest and names."""
    parameters: pulumi.Output[dict[str, Any] | None]
    """What the block asks for, at deployment (`build`) or while it runs (`run`)."""
    auto_run_on_deploy: pulumi.Output[bool | None]
    """Whether it runs once whenever it is deployed, as given."""

    @accept_any_argument
    def __init__(
        self,
        resource_name: str,
        *,
        spec_id: pulumi.Input[str],
        release: pulumi.Input[schema.Release],
        config: pulumi.Input[schema.inputs.WorkflowConfig | schema.inputs.ServiceConfig],
        artifact: pulumi.Input[schema.Artifact] | None = None,
        parameters: pulumi.Input[schema.inputs.Parameters] | None = None,
        auto_run_on_deploy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a release.

        Args:
            resource_name: name of the resource in the program.
            spec_id: id of the spec, such as `spec.id`.
            release: version, greater than that of the release before, and notes.
            config: what the block does.
            artifact: the folder whose files the release ships; a relative path starts at the program's folder.
            parameters: what the block asks for.
            auto_run_on_deploy: run it once whenever it is deployed. Default false.
            opts: Pulumi's options.
        """
        facts = {"spec": find_source(spec_id)} if isinstance(spec_id, pulumi.Output) else {}
        arguments = {
            "spec_id": require_id(spec_id),
            "release": release,
            "config": config,
            "artifact": resolve_artifact(artifact),
            "parameters": parameters,
            "auto_run_on_deploy": auto_run_on_deploy,
        }
        self._declare("BlockSpecRelease", resource_name, arguments, opts, facts=facts)

    @classmethod
    def from_yaml(
        cls,
        resource_name: str,
        path: str | os.PathLike[str],
        *,
        spec_id: pulumi.Input[str],
        params: Mapping[str, Any] | None = None,
        params_file: str | os.PathLike[str] | None = None,
        notes_file: str | os.PathLike[str] | None = None,
        include_folders: Sequence[str | os.PathLike[str]] = (),
        list_env: bool = False,
        opts: pulumi.ResourceOptions | None = None,
        **overrides: Any,
    ) -> Self:
        """Declare a release from a file of the `peak` command, one for `peak blocks specs create-release`.

        Args:
            resource_name: name of the resource in the program.
            path: the file; this and all other paths, also the artifact's, are relative to the program's folder.
            spec_id: id of the spec, such as `spec.id`.
            params: values of the file's template variables.
            params_file: a YAML file with more of them; `params` wins.
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
            "release",
            path,
            {"spec_id": spec_id, **overrides},
            params=params,
            params_file=params_file,
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
        """Read a release that exists, without managing it: Pulumi never changes or deletes it.

        Args:
            resource_name: name of the resource in the program.
            id: `<spec id>/<version>`.
            opts: Pulumi's options.
        """
        return cls._read(resource_name, id, opts)

    def _find_facts(self, inputs: Untrusted, opts: pulumi.ResourceOptions | None) -> dict[str, Any]:
        outputs = [output for several in inputs.outputs.values() for output in several]
        self._earlier: pulumi.Output[list[str] | None] = pulumi.Output.from_input(_find_earlier(outputs, opts))
        return {"earlier": self._earlier}

    def _as_spec(self) -> dict[str, Any]:
        """Return the `spec` of a deployment of this release."""
        return {"id": self.spec_id, "release": {"version": self.version}}

    @property
    def version(self) -> pulumi.Output[str]:
        """Version of the release, known in a preview."""
        # With `refresh --run-program`, a release that does not exist yet has the program's own arguments, unchecked.
        return self.release.apply(lambda release: str((release or {}).get("version", "")))


async def _find_earlier(outputs: Iterable[pulumi.Output[Any]], opts: pulumi.ResourceOptions | None) -> list[str] | None:
    """Return the URNs of the specs and releases of this program that are published before a release; None if unknown.

    Args:
        outputs: the outputs among the release's arguments.
        opts: its options.
    """
    waits: Any = await pulumi.Output.from_input(opts.depends_on if opts else None).future()
    resources: set[Any] = {*waits} if isinstance(waits, (list, tuple)) else {waits} - {None}
    for output in outputs:
        resources |= await output.resources()
    earlier: set[str] = set()
    for item in resources:
        if not getattr(item, "publishes", False):
            # Any other resource may itself depend on more releases.
            return None
        before = item.__dict__.get("_earlier")
        more = await before.future() if before is not None else []
        if more is None:
            return None
        earlier |= {str(await item.urn.future()), *more}
    return sorted(earlier)

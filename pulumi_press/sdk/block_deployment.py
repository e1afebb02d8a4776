"""`BlockDeployment`: runs one release of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pulumi

from pulumi_press.carried import name_type
from pulumi_press.sdk.inputs import accept_any_argument
from pulumi_press.sdk.press_resource import Declared, find_source, read_existing

if TYPE_CHECKING:
    import os

    from typing_extensions import Self

    from pulumi_press import schema
    from pulumi_press.sdk.block_spec import BlockSpec
    from pulumi_press.sdk.block_spec_release import BlockSpecRelease

__all__ = ["BlockDeployment", "Rollout"]

ON_FAILURE = ("keep", "rollback")


class BlockDeployment(Declared, module="press", name="BlockDeployment"):
    """A deployment of a spec, with its revisions and run parameters.

    The arguments are those of the SDK's `create_deployment`. A change of metadata, or of run parameters alone, is made
    in place. A change of the release, of build parameters, of the revision's notes or of `triggers` makes a new
    revision. Another spec replaces the deployment.

    The resource is there as soon as the service has given its id. That its revision comes to life is the business of
    its child, a `Rollout`: it fails the update when the revision fails, and the next `pulumi up` takes it up again.
    What must not start before the revision is live takes an output that comes from it, such as `status`;
    `depends_on=[deployment]` alone does not wait for the child.
    """

    has_unique_name = True

    metadata: pulumi.Output[dict[str, Any]]
    """Name, title, summary and other texts."""
    spec: pulumi.Output[dict[str, Any]]
    """The spec and the release that it runs."""
    revision_number: pulumi.Output[int]
    """Number of the revision, known in a preview."""
    rollout: Rollout | None = None
    """The child that waits for the revision; None where `wait` is false."""

    @accept_any_argument
    def __init__(
        self,
        resource_name: str,
        *,
        metadata: pulumi.Input[schema.DeploymentMetadata],
        spec: pulumi.Input[schema.DeploymentSpec] | BlockSpec | BlockSpecRelease,
        parameters: pulumi.Input[schema.ParameterValues] | None = None,
        revision: pulumi.Input[schema.RevisionNotes] | None = None,
        triggers: pulumi.Input[Mapping[str, pulumi.Input[Any]]] | None = None,
        timeouts: pulumi.Input[schema.Timeouts] | None = None,
        wait: bool = True,
        on_failure: Literal["keep", "rollback"] = "keep",
        adopt: pulumi.Input[schema.Adopt] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a deployment.

        Args:
            resource_name: name of the resource in the program; the deployment's own name is `metadata["name"]`.
            metadata: name and other texts.
            spec: the `BlockSpec` or `BlockSpecRelease` that it runs; or the id of a spec and the version of its
                release, without which it follows the latest.
            parameters: values for the parameters that the release declares, `build` and `run`.
            revision: notes of the revision.
            triggers: any values; a change of one makes a new revision.
            timeouts: how long the rollout (`create`, `update`; default `20m`) and the deletion (`delete`; `10m`) may
                take. They win over Pulumi's option `custom_timeouts`, which sets the same.
            wait: whether to wait until the revision is live. Default true.
            on_failure: what follows a later revision that fails: `keep` leaves it as it is, `rollback` makes a new
                revision from the release and parameters that ran before. The update fails either way.
            adopt: whether a deployment of the same name that exists already is taken over: `never`, `identical` or
                `always`. Default: the setting `press:adopt`.
            opts: Pulumi's options.
        """
        wanted, told = _read_spec(spec)
        if failures := [*told.get("mistakes", ()), *_find_failures(wait, on_failure)]:
            told = {**told, "mistakes": failures}
        props = {
            "metadata": metadata,
            "spec": wanted,
            "parameters": parameters,
            "revision": revision,
            "triggers": triggers,
            "timeouts": timeouts,
            "adopt": adopt,
            "revision_number": None,
        }
        self._declare("BlockDeployment", resource_name, props, opts, told=told)
        self.rollout = (
            Rollout(
                resource_name,
                deployment_id=self.id,
                revision=self.revision_number,
                timeouts=timeouts,
                on_failure=None if on_failure == "keep" else on_failure,
                opts=pulumi.ResourceOptions(parent=self, custom_timeouts=opts.custom_timeouts if opts else None),
            )
            if wait is True
            else None
        )

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
        """Declare a deployment from a file of the `peak` command, one for `peak blocks deployments create`.

        Args:
            resource_name: name of the resource in the program.
            path: the file; it and all other paths, the artifact's too, start at the program's folder.
            params: values of the file's template variables.
            params_file: a YAML file with more of them; `params` wins.
            desc_file: a `.md` or `.txt` file with the description.
            notes_file: a `.md` or `.txt` file with the notes of the revision.
            include_folders: folders that the file may include from, beside the project's and the file's own.
            list_env: whether the file may list the environment (`os_env`), and not only name variables.
            opts: Pulumi's options.
            overrides: arguments of this class; each takes the place of the file's, whole.

        Raises:
            BlockfileError: the file cannot be read, or says what cannot be meant.
        """
        from pulumi_press.sdk.from_yaml import load_arguments  # It takes a while to load.

        arguments = load_arguments(
            "deployment",
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
        """Read a deployment that exists, without managing it: it is never changed or deleted.

        Args:
            resource_name: name of the resource in the program.
            id: its id.
            opts: Pulumi's options.
        """
        return read_existing(cls, resource_name, id, opts)

    @property
    def status(self) -> pulumi.Output[str | None]:
        """Status once the revision is live, `deployed` or `warning`; None where `wait` is false."""
        if self.rollout is None:
            return pulumi.Output.from_input(None)
        return self.rollout.status


class Rollout(Declared, module="press", name="Rollout"):
    """The child of a `BlockDeployment` that waits for its revision; a program does not declare it itself."""

    deployment_id: pulumi.Output[str]
    """Id of the deployment."""
    revision: pulumi.Output[int]
    """Number of the revision."""
    status: pulumi.Output[str | None]
    """`deployed`, or `warning`."""

    def __init__(
        self,
        resource_name: str,
        *,
        deployment_id: pulumi.Input[str],
        revision: pulumi.Input[int],
        timeouts: pulumi.Input[schema.Timeouts] | None = None,
        on_failure: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Wait for a revision.

        Args:
            resource_name: name of the resource.
            deployment_id: id of the deployment.
            revision: number of the revision.
            timeouts: how long `create` and `update` may take. Default `20m`.
            on_failure: `rollback` to go back to what ran before when the revision fails.
            opts: Pulumi's options.
        """
        props = {
            "deployment_id": deployment_id,
            "revision": revision,
            "timeouts": timeouts,
            "on_failure": on_failure,
            "status": None,
        }
        self._declare("Rollout", resource_name, props, opts)


def _read_spec(spec: Any) -> tuple[Any, dict[str, Any]]:
    """Give the `spec` that the provider is sent, and what the program knows of it."""
    if isinstance(spec, Declared) and spec.publishes:
        return _read_spec(spec._as_spec())  # noqa: SLF001  # No program has use for it.
    if isinstance(spec, pulumi.Resource):
        kind = type(spec).__name__
        return None, {"mistakes": [["spec", f"must be a BlockSpec or a BlockSpecRelease, not a {kind}"]]}
    identity = spec.get("id") if isinstance(spec, Mapping) else spec
    return spec, {"spec": find_source(identity)} if isinstance(identity, pulumi.Output) else {}


def _find_failures(wait: object, on_failure: object) -> list[list[str]]:
    """Find what is wrong with the arguments that are no inputs, since they say what the program declares."""
    failures = []
    if not isinstance(wait, bool):
        failures.append(["wait", f"must be True or False, known in the program, not {name_type(wait)}"])
    if isinstance(on_failure, (pulumi.Output, type(None))):
        # The rollout checks it, once it is known.
        return failures
    if on_failure not in ON_FAILURE:
        from pulumi_press.schema.failures import find_nearest  # Only where something is wrong.

        nearest = find_nearest(on_failure, ON_FAILURE) if isinstance(on_failure, str) else None
        meant = f"; did you mean `{nearest}`?" if nearest else ""
        failures.append(["on_failure", f"must be 'keep' or 'rollback'{meant}"])
    return failures

"""`BlockDeployment`: runs one release of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pulumi

from pulumi_press.carried import name_type
from pulumi_press.sdk.inputs import accept_any_argument, require_id
from pulumi_press.sdk.press_resource import PressResource, find_source

if TYPE_CHECKING:
    import os

    from typing_extensions import Self

    from pulumi_press import schema
    from pulumi_press.sdk.block_spec import BlockSpec
    from pulumi_press.sdk.block_spec_release import BlockSpecRelease

__all__ = ["BlockDeployment", "Rollout"]

ON_FAILURE = ("keep", "rollback")


class BlockDeployment(PressResource, module="press", name="BlockDeployment"):
    """A deployment of a spec, with its revisions and run parameters.

    The arguments are those of the SDK's `create_deployment`. A change of metadata, or of run parameters alone, is made
    in place. A change of the release, of build parameters, of the revision's notes or of `triggers` makes a new
    revision. Another spec replaces the deployment.

    The resource is created as soon as the service returns its id. Its child, a `Rollout`, waits until the revision is
    live: it fails the update if the revision fails, and the next `pulumi up` resumes it. Whatever must not start before
    the revision is live takes an output of the rollout, such as `status`; `depends_on=[deployment]` alone does not wait
    for the child.
    """

    always_given = frozenset({"metadata", "spec", "revision_number"})
    has_unique_name = True

    metadata: pulumi.Output[dict[str, Any]]
    """Name, title, summary and other texts."""
    spec: pulumi.Output[dict[str, Any]]
    """The spec and the release that it runs."""
    parameters: pulumi.Output[dict[str, Any] | None]
    """Values of the parameters, `build` and `run`."""
    revision: pulumi.Output[dict[str, Any] | None]
    """Notes of the revision."""
    triggers: pulumi.Output[dict[str, Any] | None]
    """The values that make a new revision when one changes."""
    timeouts: pulumi.Output[dict[str, Any] | None]
    """How long the rollout and the deletion may take."""
    adopt: pulumi.Output[str | None]
    """Whether an existing deployment of the same name is adopted, as given."""
    revision_number: pulumi.Output[int]
    """Number of the revision, known in a preview."""
    rollout: Rollout | None = None
    """The child that waits for the revision; None if `wait` is false."""

    @accept_any_argument
    def __init__(
        self,
        resource_name: str,
        *,
        metadata: pulumi.Input[schema.inputs.DeploymentMetadata],
        spec: pulumi.Input[schema.inputs.DeploymentSpec] | BlockSpec | BlockSpecRelease,
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
            on_failure: what to do when a later revision fails: `keep` leaves it as it is, `rollback` makes a new
                revision from the release and parameters that ran before. The update fails either way.
            adopt: whether an existing deployment of the same name is adopted: `never`, `identical` or `always`.
                Default: the setting `press:adopt`.
            opts: Pulumi's options.
        """
        spec_argument, facts = _read_spec(spec)
        if failures := [*facts.get("mistakes", ()), *_find_failures(wait, on_failure)]:
            facts = {**facts, "mistakes": failures}
        arguments = {
            "metadata": metadata,
            "spec": spec_argument,
            "parameters": parameters,
            "revision": revision,
            "triggers": triggers,
            "timeouts": timeouts,
            "adopt": adopt,
            "revision_number": None,
            **self._say_how_to_wait(wait=wait, on_failure=on_failure),
        }
        self._declare("BlockDeployment", resource_name, arguments, opts, facts=facts)
        if wait is True:
            self._wait(resource_name, timeouts, on_failure, opts)

    def _say_how_to_wait(self, *, wait: object, on_failure: object) -> dict[str, Any]:
        """Return the arguments about waiting that are sent with the others: none, as the child waits."""
        del wait, on_failure
        return {}

    def _wait(
        self,
        resource_name: str,
        timeouts: pulumi.Input[schema.Timeouts] | None,
        on_failure: str,
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Declare the child that waits."""
        self.rollout = Rollout(
            resource_name,
            deployment_id=self.id,
            revision=self.revision_number,
            timeouts=timeouts,
            on_failure=None if on_failure == "keep" else on_failure,
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=opts.custom_timeouts if opts else None),
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
            path: the file; this and all other paths, also the artifact's, are relative to the program's folder.
            params: values of the file's template variables.
            params_file: a YAML file with more of them; `params` wins.
            desc_file: a `.md` or `.txt` file with the description.
            notes_file: a `.md` or `.txt` file with the notes of the revision.
            include_folders: folders that the file may include from, in addition to the project's and the file's own.
            list_env: whether the file may list the environment (`os_env`), and not only read named variables.
            opts: Pulumi's options.
            overrides: arguments of this class; each replaces the file's argument as a whole.

        Raises:
            BlockfileError: the file cannot be read, or has mistakes.
        """
        from pulumi_press.sdk.from_yaml import load_arguments  # It is slow to load.

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
        """Read a deployment that exists, without managing it: Pulumi never changes or deletes it.

        Args:
            resource_name: name of the resource in the program.
            id: its id.
            opts: Pulumi's options.
        """
        return cls._read(resource_name, id, opts)

    @property
    def status(self) -> pulumi.Output[str | None]:
        """Status once the revision is live, `deployed` or `warning`; None if `wait` is false."""
        if self.rollout is None:
            return pulumi.Output.from_input(None)
        return self.rollout.status


class Rollout(PressResource, module="press", name="Rollout"):
    """The child of a `BlockDeployment` that waits for its revision; programs do not declare it themselves."""

    always_given = frozenset({"deployment_id", "revision", "status"})

    deployment_id: pulumi.Output[str]
    """Id of the deployment."""
    revision: pulumi.Output[int]
    """Number of the revision."""
    timeouts: pulumi.Output[dict[str, Any] | None]
    """How long `create` and `update` may take."""
    on_failure: pulumi.Output[str | None]
    """`rollback`, or None for `keep`."""
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
            on_failure: `rollback` to run the release and parameters from before again when the revision fails.
            opts: Pulumi's options.
        """
        arguments = {
            "deployment_id": deployment_id,
            "revision": revision,
            "timeouts": timeouts,
            "on_failure": on_failure,
            "status": None,
        }
        self._declare("Rollout", resource_name, arguments, opts)


def _read_spec(spec: Any) -> tuple[Any, dict[str, Any]]:
    """Return the `spec` to send, and what the provider should know of it."""
    if isinstance(spec, PressResource) and spec.publishes:
        return _read_spec(spec._as_spec())  # noqa: SLF001  # Programs do not need it.
    if isinstance(spec, pulumi.Resource):
        kind = type(spec).__name__
        return None, {"mistakes": [["spec", f"must be a BlockSpec or a BlockSpecRelease, not a {kind}"]]}
    if isinstance(spec, Mapping) and isinstance(spec_id := spec.get("id"), pulumi.Output):
        return {**spec, "id": require_id(spec_id)}, {"spec": find_source(spec_id)}
    return spec, {"spec": find_source(spec)} if isinstance(spec, pulumi.Output) else {}


def _find_failures(wait: object, on_failure: object) -> list[list[str]]:
    """Return the mistakes in the arguments that are no inputs: they decide what the program declares."""
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

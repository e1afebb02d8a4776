"""`Block`: a spec, its further releases and its deployment as one component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import pulumi

from pulumi_press.plugin.tokens import DYNAMIC_PACKAGE
from pulumi_press.schema.inputs import DeploymentArgs
from pulumi_press.sdk.block_deployment import BlockDeployment
from pulumi_press.sdk.block_spec import BlockSpec
from pulumi_press.sdk.block_spec_release import BlockSpecRelease
from pulumi_press.sdk.inputs import accept_any_argument, take_unknown
from pulumi_press.sdk.press_resource import check_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press import schema

__all__ = ["Block", "BlockRun"]


class BlockError(pulumi.RunError, ValueError):
    """The arguments of a block are wrong; the engine shows the message alone."""


class BlockRun(DeploymentArgs, total=False):
    """Arguments of a block's deployment: those of a `BlockDeployment`, without its spec."""

    wait: bool
    """Whether to wait until the revision is live. Default true."""
    on_failure: Literal["keep", "rollback"]
    """What to do when a later revision fails. Default `keep`."""


class Block(pulumi.ComponentResource):
    """A block in the common case: one spec, perhaps further releases, perhaps one deployment.

    The deployment runs the spec's own release, or the one that `run` names.
    """

    spec: BlockSpec
    """The spec."""
    releases: dict[str, BlockSpecRelease]
    """The further releases, by the name given."""
    deployment: BlockDeployment | None
    """The deployment, if there is one."""

    _package: ClassVar[str] = DYNAMIC_PACKAGE
    _spec_class: ClassVar[type[BlockSpec]] = BlockSpec
    _release_class: ClassVar[type[BlockSpecRelease]] = BlockSpecRelease
    _deployment_class: ClassVar[type[BlockDeployment]] = BlockDeployment

    @accept_any_argument
    def __init__(
        self,
        resource_name: str,
        *,
        spec: schema.inputs.BlockSpecArgs,
        releases: Mapping[str, schema.inputs.ReleaseArgs] | None = None,
        deployment: BlockRun | None = None,
        run: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a block.

        Args:
            resource_name: name of the component; its parts are named after it.
            spec: arguments of the `BlockSpec`.
            releases: arguments of further releases, by a name for each; published in this order.
            deployment: arguments of the `BlockDeployment`, without its spec.
            run: name of the further release that the deployment runs. Default: the spec's own.
            opts: Pulumi's options.

        Raises:
            BlockError: an argument is wrong, such as a `run` that names no release.
        """
        unknown = take_unknown(self)
        if failures := [*_find_failures(unknown, spec=spec, releases=releases, deployment=deployment, run=run)]:
            raise BlockError("\n".join(f"Block {resource_name!r}: {failure}" for failure in failures))
        check_options("Block", resource_name, opts, self._package)
        super().__init__("press:index:Block", resource_name, None, opts)
        limits = opts.custom_timeouts if opts else None
        child: dict[str, Any] = {"opts": pulumi.ResourceOptions(parent=self, custom_timeouts=limits)}
        self.spec = self._spec_class(resource_name, **spec, **child)
        self.releases = {}
        # Versions only increase, so each release waits for the one before it.
        last: pulumi.Resource = self.spec
        for name, release in (releases or {}).items():
            options = pulumi.ResourceOptions(parent=self, depends_on=[last], custom_timeouts=limits)
            self.releases[name] = last = self._release_class(
                f"{resource_name}-{name}", spec_id=self.spec.id, **release, opts=options
            )
        self.deployment = None
        if deployment is not None:
            version = self.spec.release_version if run is None else self.releases[run].version
            self.deployment = self._deployment_class(
                resource_name, spec={"id": self.spec.id, "release": {"version": version}}, **deployment, **child
            )
        self.register_outputs({"spec_id": self.spec.id, "release_version": self.spec.release_version})


def _find_failures(
    unknown: Iterable[str], *, spec: object, releases: object, deployment: object, run: object
) -> Iterator[str]:
    """Yield the mistakes that the parts cannot report themselves: unknown names, and parts that are not objects."""
    from pulumi_press.schema.failures import suggest

    for name in unknown:
        yield f"{name}: is not a known argument{suggest(name, ('spec', 'releases', 'deployment', 'run', 'opts'))}"
    if not isinstance(releases, (Mapping, type(None))):
        yield f"releases: {_OBJECT}, by a name for each release"
        releases = None
    parts = [
        ("spec", spec, ("opts",)),
        *((f"releases.{name}", part, ("opts", "spec_id")) for name, part in (releases or {}).items()),
    ]
    if deployment is not None:
        parts.append(("deployment", deployment, ("opts", "spec")))
    for path, part, own in parts:
        if part is None:
            yield f"{path}: is required"
        elif not isinstance(part, Mapping):
            yield f"{path}: {_OBJECT}, known in the program"
        else:
            yield from (f"{path}.{name}: is set by the Block; leave it out" for name in own if name in part)
    if run is not None and run not in (releases or {}):
        yield f"run: there is no release {run!r} in releases{suggest(str(run), releases or {}, label='there')}"


_OBJECT = "must be an object"

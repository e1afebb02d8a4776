"""The same classes, declared to the native plugin `pulumi-resource-press` in place of the dynamic provider.

The arguments and outputs are the same. A deployment waits for its revision itself, so it has no child. A stack that was
made with the dynamic provider keeps all its objects: an alias names the old type of each resource, and the first update
moves it.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.proto import resource_pb2_grpc
from pulumi.runtime.settings import get_monitor

from pulumi_press.carried import TOLD
from pulumi_press.plugin.discovery import install
from pulumi_press.plugin.names import to_camel, to_snake, write_path
from pulumi_press.plugin.package import VERSION
from pulumi_press.plugin.tokens import PACKAGE, Token
from pulumi_press.sdk import block_deployment, block_spec, block_spec_release, provider
from pulumi_press.sdk.interruption import end_when_interrupted
from pulumi_press.sdk.press_resource import PressResource, add_alias, check_options, limit_stack_trace
from pulumi_press.sdk.speed import declare_quickly

if TYPE_CHECKING:
    from pulumi_press.sdk.inputs import Untrusted

__all__ = ["BlockDeployment", "BlockSpec", "BlockSpecRelease", "Provider"]

_PATHS = ("ignore_changes", "replace_on_changes", "additional_secret_outputs", "hide_diffs")
"""Options that name properties."""


def _install() -> None:
    """Put the plugin where the engine finds it, if an engine runs this program: nobody else's folder is touched."""
    # A process may have run tests before.
    if isinstance(get_monitor(), resource_pb2_grpc.ResourceMonitorStub):
        _install_once()


@cache
def _install_once() -> None:
    try:
        install()
    except (OSError, RuntimeError) as error:
        pulumi.log.warn(
            f"the native plugin cannot be put into Pulumi's folder of plugins ({error}); if Pulumi does not find it, "
            "set PULUMI_HOME to a folder that can be written, or name the plugin in Pulumi.yaml"
        )


class NativeResource(PressResource):
    """A resource of the native plugin."""

    def _register(
        self, kind: str, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None
    ) -> None:
        """Register the resource with the engine; an attribute is made for each of the properties."""
        end_when_interrupted()
        declare_quickly()
        _install()
        told = properties.pop(TOLD, None) or {}
        given = {to_camel(name): value for name, value in properties.items()}
        if given.get("artifact") is not None:
            given["artifact"] = pulumi.Output.from_input(given["artifact"]).apply(_write_artifact)
        if opts is None or opts.id is None:
            # The plugin reports mistakes by the names of the language.
            given[TOLD] = {**told, "language": "python"}
        options = add_alias(Token(kind, is_native=False), resource_name, _write_paths(opts))
        options.version = options.version or VERSION
        with limit_stack_trace():
            pulumi.CustomResource.__init__(self, Token(kind, is_native=True).text, resource_name, given, options)
        outputs = vars(self)
        for name in self.output_names:
            if (camel := to_camel(name)) != name and camel in outputs:
                outputs[name] = outputs.pop(camel)
        if "artifact" in outputs:
            outputs["artifact"] = outputs["artifact"].apply(_read_artifact)
        if "revision_number" in outputs:
            outputs["revision_number"] = outputs["revision_number"].apply(_read_number)

    def _keep_secret(self, inputs: Untrusted, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
        """Change nothing: the plugin itself keeps secrets secret, at every depth."""
        del inputs
        return opts

    @classmethod
    def _check_options(cls, kind: str, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
        """Refuse options that do not work; `import_` does."""
        check_options(kind, resource_name, opts, PACKAGE)


def _write_artifact(artifact: Any) -> Any:
    return {to_camel(name): value for name, value in artifact.items()} if isinstance(artifact, dict) else artifact


def _read_artifact(artifact: Any) -> Any:
    return {to_snake(name): value for name, value in artifact.items()} if isinstance(artifact, dict) else artifact


def _read_number(number: Any) -> Any:
    """Return a whole number as one: the engine counts with floats."""
    return int(number) if isinstance(number, float) else number


def _write_paths(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """Return options whose paths have the names of the schema."""
    if opts is None or not any(getattr(opts, name, None) for name in _PATHS):
        return opts
    written = copy(opts)
    for name in _PATHS:
        if isinstance(paths := getattr(written, name, None), list):
            setattr(written, name, [write_path(path) if isinstance(path, str) else path for path in paths])
    return written


class BlockSpec(NativeResource, block_spec.BlockSpec, module="press", name="BlockSpec"):
    """A published workflow or service, with its metadata, scope and releases; see `pulumi_press.BlockSpec`."""


class BlockSpecRelease(NativeResource, block_spec_release.BlockSpecRelease, module="press", name="BlockSpecRelease"):
    """A release of a spec that is declared separately from it; see `pulumi_press.BlockSpecRelease`."""


class BlockDeployment(NativeResource, block_deployment.BlockDeployment, module="press", name="BlockDeployment"):
    """A deployment of a spec, with its revisions and run parameters.

    The arguments are those of the SDK's `create_deployment`. A change of metadata, or of run parameters alone, is made
    in place. A change of the release, of build parameters, of the revision's notes or of `triggers` makes a new
    revision. Another spec replaces the deployment.

    The resource is there once its revision is live, so `depends_on=[deployment]` waits for that. If the revision fails,
    the update fails, the deployment stays in the state, and the next `pulumi up` deploys the revision again.
    """

    always_given = block_deployment.BlockDeployment.always_given | {"status"}
    output_names = block_deployment.BlockDeployment.output_names | {"status", "wait", "on_failure"}

    def _say_how_to_wait(self, *, wait: object, on_failure: object) -> dict[str, Any]:
        """Return the arguments about waiting that are sent with the others; none where they are the defaults."""
        return {
            "wait": None if wait is True else wait,
            "on_failure": None if on_failure == "keep" else on_failure,
            "status": None,
        }

    def _wait(self, resource_name: str, timeouts: Any, on_failure: str, opts: pulumi.ResourceOptions | None) -> None:
        """Declare nothing: the deployment waits itself."""
        del resource_name, timeouts, on_failure, opts

    @property
    def status(self) -> pulumi.Output[str | None]:
        """Status once the revision is live, `deployed` or `warning`; None if `wait` is false."""
        status: pulumi.Output[str | None] = vars(self)["status"]
        return status


class Provider(provider.Provider):
    """Settings for the resources that name it in `ResourceOptions(provider=...)`; see `pulumi_press.Provider`."""

    _package = PACKAGE

    def _options(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
        """Return the options, with the version of the plugin."""
        _install()
        return pulumi.ResourceOptions.merge(pulumi.ResourceOptions(version=VERSION), opts)

    def _names(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Return the properties by the names of the schema."""
        return {key.partition(":")[2]: value for key, value in properties.items()}

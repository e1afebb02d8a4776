"""The calls that serve what is deployed: run parameters, the blocks beside it in an app, and a run at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.calls import call, route
from pulumi_press.client.local_files import deployment_id_or_none, read_details, read_parameters
from pulumi_press.client.shapes import PARAMETERS, blocks_of, changed, parent_of, patched

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from pulumi_press.client.answers import Json
    from pulumi_press.client.transport import Transport

__all__ = ["RunningCalls"]

_PARAMETERS = "/v1/deployments/{deployment_id}/parameters/run"
_EXECUTE = "/v1/deployments/{deployment_id}/execute"
_BLOCK = "/v1/blocks/deployments/{deployment_id}"
_APP = "/v1/apps/deployments/{app_id}"


class RunningCalls:
    """Run parameters and the like, under the SDK's names and arguments."""

    _transport: Transport

    def get_parameters(
        self, deployment_id: str | None = None, fallback_params_file: str | os.PathLike[str] | None = None
    ) -> Json:
        """Read the run parameters of a deployment, or of a local file: `{name: value}`.

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
        return self._transport.send(call("GET", route(_PARAMETERS, deployment_id=chosen)), PARAMETERS)

    def patch_parameters(self, deployment_id: str, body: Mapping[str, Any]) -> Json:
        """Change run parameters of a deployment, `{name: value}`: the changed parameters. No new revision is made."""
        path = route(_PARAMETERS, deployment_id=deployment_id)
        return self._transport.send(call("PATCH", path, body=body), patched(body))

    def get_related_block_details(
        self, deployment_id: str | None = None, fallback_details_file: str | os.PathLike[str] | None = None
    ) -> list[Json]:
        """Read which blocks belong to the same app: `{id, resource_id, kind, name, status}` each, or none at all.

        `resource_id` may be None. Which deployment, the local file and the errors are as in `get_parameters`, but the
        file holds a list.
        """
        chosen = deployment_id_or_none(deployment_id)
        if chosen is None:
            return read_details(fallback_details_file)
        app_id = self._transport.send(call("GET", route(_BLOCK, deployment_id=chosen)), parent_of)
        if app_id is None:
            return []
        return self._transport.send(call("GET", route(_APP, app_id=app_id)), blocks_of)

    def execute_resources(self, deployment_id: str) -> Json:
        """Run the resources of the latest revision now.

        Returns:
            `{executeResponse: [{blockSpecId, version, executionId, status}]}`.

        Raises:
            PressError: With `outcome_unknown` true if the run may have begun.
        """
        return self._transport.send(call("POST", route(_EXECUTE, deployment_id=deployment_id)), changed)

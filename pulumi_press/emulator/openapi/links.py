"""Which calls go on from the answer of which."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["LINKS"]

BODY_ID: Final = "$response.body#/id"
SPEC: Final = "$request.path.spec_id"
DEPLOYMENT: Final = "$request.path.deployment_id"

OF_SPEC: Final = (
    "describe_spec", "update_spec_metadata", "delete_spec", "create_spec_release", "list_spec_releases",
)  # fmt: skip
OF_DEPLOYMENT: Final = (
    "describe_deployment", "update_deployment_metadata", "redeploy", "delete_deployment", "create_deployment_revision",
    "list_deployment_revisions", "get_parameters", "patch_parameters", "execute_resources",
)  # fmt: skip


def _links(names: tuple[str, ...], **parameters: str) -> dict[str, dict[str, Any]]:
    return {name: {"operationId": name, "parameters": parameters} for name in names}


LINKS: Final[dict[str, dict[str, Any]]] = {
    "create_spec": {
        **_links(OF_SPEC, spec_id=BODY_ID),
        "create_deployment": {"operationId": "create_deployment", "requestBody": {"spec": {"id": BODY_ID}}},
    },
    "create_spec_release": _links(("describe_spec_release",), spec_id=SPEC, version="$response.body#/release/version"),
    "create_deployment": _links(OF_DEPLOYMENT, deployment_id=BODY_ID),
    "create_deployment_revision": _links(
        ("describe_deployment_revision",), deployment_id=DEPLOYMENT, revision="$response.body#/revision"
    ),
}
"""By the name of the call whose answer they go on from, then by a name of their own."""

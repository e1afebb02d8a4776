"""A call of each kind that works, for people who read the OpenAPI document and for tools that try it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXAMPLES"]

UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
CONFIG: Final = {
    "triggers": [{"cron": "0 0 * * *"}],
    "steps": {
        "load": {"imageDetails": {"id": 1, "versionId": 1}, "command": "python load.py"},
        "report": {"imageDetails": {"id": 1}, "command": "python report.py", "parents": ["load"]},
    },
}
PARAMETERS: Final = {
    "run": [{"name": "rows", "type": "number", "required": False, "title": "Rows", "defaultValue": 10}],
}
METADATA: Final = {"name": "orders", "title": "Orders", "summary": "Loads orders.", "tags": [{"name": "sales"}]}

EXAMPLES: Final[Mapping[str, Any]] = {
    "create_spec": {
        "spec": {
            "version": 1,
            "kind": "workflow",
            "metadata": METADATA,
            "release": {"version": "1.0.0", "notes": "The first"},
            "config": CONFIG,
        },
        "featured": None,
        "scope": "private",
        "autoRunOnDeploy": None,
        "parameters": PARAMETERS,
    },
    "create_spec_release": {
        "spec": {"release": {"version": "1.1.0", "notes": "Faster"}, "config": CONFIG},
        "autoRunOnDeploy": True,
        "parameters": PARAMETERS,
    },
    "update_spec_metadata": {"metadata": {"title": "All orders"}, "featured": True},
    "create_deployment": {
        "metadata": {"name": "orders-live", "summary": "The orders of the live shop."},
        "spec": {"id": UNKNOWN, "release": {"version": "1.0.0"}},
        "revision": {"notes": "The first"},
        "parameters": {"run": {"rows": 100}},
    },
    "update_deployment_metadata": {"title": "Orders, live"},
    "create_deployment_revision": {"release": {"version": "1.1.0"}, "revision": {"notes": "Faster"}},
    "patch_parameters": {"rows": 50},
}
"""Body, or parts of the form, by name of the call."""

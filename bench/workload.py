"""What all sides of the bench declare: blocks of an ordinary size. The environment says how many, and which texts."""

from __future__ import annotations

import os
from typing import Any

__all__ = ["count_deployments", "deployments", "specs"]


def specs() -> list[dict[str, Any]]:
    """Give the arguments of `BENCH_SPECS` specs; `BENCH_EDIT` is part of each one's summary."""
    edit = os.environ.get("BENCH_EDIT", "as published")
    return [_spec(number, edit) for number in range(int(os.environ["BENCH_SPECS"]))]


def count_deployments() -> int:
    """Give the number of deployments asked for, `BENCH_DEPLOYMENTS`."""
    return int(os.environ.get("BENCH_DEPLOYMENTS", "0"))


def deployments(spec_id: Any, version: Any) -> list[dict[str, Any]]:
    """Give the arguments of the deployments of a spec."""
    return [
        {
            "metadata": {"name": f"orders-{number}"},
            "spec": {"id": spec_id, "release": {"version": version}},
            "parameters": {"run": {"shops": ["north", "south"]}},
        }
        for number in range(count_deployments())
    ]


def _spec(number: int, edit: str) -> dict[str, Any]:
    # No numbers: the engine hands them on as floats, which a provider by hand would have to mend first.
    step = {"imageDetails": {"id": "python", "versionId": "3-12"}, "resources": {"storage": "10GB"}}
    return {
        "kind": "workflow",
        "metadata": {
            "name": f"daily-orders-{number}",
            "title": f"Daily orders {number}",
            "summary": f"Adds up the orders of the day, {edit}.",
            "description": "Reads the orders of each shop, adds them up, and writes totals where reports find them.",
            "tags": [{"name": "orders"}, {"name": "reports"}],
        },
        "release": {"version": "1.0.0", "notes": "First."},
        "config": {
            "steps": {
                "read": {**step, "type": "standard", "command": "python read.py --shops $SHOPS"},
                "sum": {**step, "type": "standard", "command": "python sum.py", "parents": ["read"]},
            },
            "triggers": [{"cron": "0 6 * * *"}],
        },
        "parameters": {"run": [{"name": "shops", "type": "string_array", "required": True, "title": "Shops"}]},
    }

"""The block that every tenant gets: an inline program for the Automation API."""

from __future__ import annotations

import threading
from pathlib import Path

import pulumi

import pulumi_press as press

__all__ = ["PROJECT", "declare"]

PROJECT = "daily-orders"

# An inline program has no folder of its own, so the path must not hang on where this was started.
ARTIFACT = Path(__file__).with_name("orders")

# The SDK changes `pickle` for the moment in which it writes down a provider: one program at a time.
ONE_AT_A_TIME = threading.Lock()


def declare() -> None:
    """Declare the block. Nothing here knows of tenants: where it goes, and as whom, is in the environment."""
    with ONE_AT_A_TIME:
        orders = press.Block(
            "orders",
            spec={
                "kind": "workflow",
                "metadata": {
                    "name": "daily-orders",
                    "summary": "Adds up the orders of the day.",
                    "tags": [{"name": "orders"}],
                },
                "artifact": {"path": str(ARTIFACT)},
                "config": {
                    "steps": {
                        "sum": {
                            "image": {"dockerfile": "Dockerfile", "context": "."},
                            "command": "python main.py",
                        },
                    },
                },
                "parameters": {"run": [{"name": "shops", "type": "string_array", "required": True}]},
            },
            deployment={
                "metadata": {"name": "daily-orders", "summary": "The orders of all shops."},
                "parameters": {"run": {"shops": ["north", "south"]}},
            },
        )
    deployment = orders.deployment
    assert deployment is not None  # It is asked for above.  # noqa: S101
    pulumi.export("spec", orders.spec.id)
    pulumi.export("release", orders.spec.release_version)
    pulumi.export("deployment", deployment.id)
    pulumi.export("revision", deployment.revision_number)
    pulumi.export("status", deployment.status)

"""Blocks beside resources of other kinds: a component and a dynamic resource of the program's own."""

from typing import Any

import pulumi
from pulumi import dynamic

import pulumi_press as press


class Channel(dynamic.ResourceProvider):
    """Keeps a channel of messages."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make it."""
        return dynamic.CreateResult("channel-1", props)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Replace it when its region changes."""
        replaces = ["region"] if olds["region"] != news["region"] else []
        return dynamic.DiffResult(replaces=replaces)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Change it."""
        return dynamic.UpdateResult(news)


class Topic(dynamic.Resource, module="shop", name="Topic"):
    """A topic of messages."""


team = pulumi.ComponentResource("shop:Team", "north")
channel = Topic(
    Channel(),
    "orders",
    {"topic": "orders", "region": "north", "password": pulumi.Output.secret("canary-secret-channel")},
    pulumi.ResourceOptions(parent=team),
)
press.BlockSpec(
    "listener",
    kind="service",
    metadata={"name": "listener", "summary": "Listens to the channel."},
    config={"serviceType": "api", "imageDetails": {"id": 5}, "parameters": {"env": {"CHANNEL": channel.id}}},
    opts=pulumi.ResourceOptions(parent=team),
)

"""Bodies with the types of shapes, outputs for values in them, and parts that say which shape they are."""

from __future__ import annotations

from typing import Any

import pulumi

import pulumi_press as press
from pulumi_press import schema

text: pulumi.Output[str] = pulumi.Config().require_secret("text")
anything: pulumi.Output[Any] = pulumi.Output.from_input({})
step_known_later: pulumi.Output[schema.StandardStep] = anything

body: schema.BlockSpecArgs = {
    "kind": "workflow",
    "metadata": {"name": text, "summary": "Adds up orders.", "tags": [{"name": text}]},
    "release": {"notes": pulumi.Output.concat("for ", text)},
    "config": schema.WorkflowConfig(
        {
            "images": {"base": {"dockerfile": "Dockerfile", "buildArguments": {"A": text}}},
            "steps": {
                "load": schema.StandardStep({"command": text, "imageRef": "base", "parameters": {"env": {"A": text}}}),
                "tell": schema.HttpStep({"type": "http", "method": "get", "url": text, "auth": {"type": "no-auth"}}),
                "sum": {"command": "sum", "imageDetails": {"id": 1}},
            },
            "triggers": [{"cron": "0 6 * * *"}],
        }
    ),
    "artifact": {"path": text},
    "parameters": {"run": [{"name": "size", "type": "number", "required": True, "options": [{"value": 1}]}]},
}
spec = press.BlockSpec("spec", **body)

runs: schema.BlockDeploymentArgs = {
    "metadata": {"name": "orders", "tags": [{"name": "team-a"}]},
    "spec": {"id": spec.id, "release": {"version": spec.release_version}},
    "parameters": {"run": {"size": 10}, "build": anything},
    "triggers": {"day": text},
    "timeouts": {"create": text},
}
deployment = press.BlockDeployment("deployment", **runs)

called = press.BlockSpec(
    "called",
    kind="workflow",
    metadata=schema.SpecMetadata({"name": "orders", "summary": "Adds up orders."}),
    config={"steps": {"sum": schema.StandardStep({"command": "sum", "imageDetails": {"id": 1}}), "add": anything}},
)

# Where an output stands for an object, the module of what calls take has the type.
config: schema.inputs.WorkflowConfig = {
    "steps": {"known-later": step_known_later, "sum": {"command": "sum", "imageDetails": anything}},
    "triggers": anything,
}
metadata: schema.inputs.SpecMetadata = {"name": "orders", "summary": "Adds up orders.", "tags": anything}
loose = press.BlockSpec("loose", kind="workflow", metadata=metadata, config=config)

block = press.Block(
    "block",
    spec=body,
    releases={"second": {"release": {"version": "2.0.0"}, "config": config}},
    deployment={"metadata": {"name": text, "tags": anything}, "wait": False},
)

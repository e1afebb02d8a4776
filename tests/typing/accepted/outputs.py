"""Outputs of other resources at every depth, and outputs of a resource where values are wanted."""

from __future__ import annotations

from typing import Any

import pulumi

import pulumi_press as press
from pulumi_press import schema

settings = pulumi.Config()
text: pulumi.Output[str] = settings.require_secret("text")
number: pulumi.Output[int] = settings.require_secret_int("number")
flag: pulumi.Output[bool] = settings.require_secret_bool("flag")
texts: pulumi.Output[list[str]] = pulumi.Output.from_input(["a"])
anything: pulumi.Output[Any] = pulumi.Output.from_input({})
tag: pulumi.Output[schema.Tag] = anything
details: pulumi.Output[schema.ImageDetails] = anything
step: pulumi.Output[schema.StandardStep] = anything
metadata: pulumi.Output[schema.SpecMetadata] = anything
config: pulumi.Output[schema.WorkflowConfig] = anything

spec = press.BlockSpec(
    "spec",
    kind="workflow",
    metadata={"name": text, "summary": text, "tags": [tag, {"name": text}, {"name": "plain"}]},
    release={"version": text, "notes": pulumi.Output.concat("for ", text)},
    config={
        "images": {"base": {"buildArguments": {"A": text, "B": "plain"}, "useCache": flag, "secrets": texts}},
        "steps": {
            "load": {
                "command": pulumi.Output.format("run {0}", text),
                "imageDetails": {"id": number},
                "resources": {"instanceTypeId": number},
                "parameters": {"env": {"A": text}, "secrets": [text, "PLAIN"]},
            },
            "sum": {"command": "sum", "imageDetails": details, "parents": texts},
            "known-later": step,
            "tell": {"type": "http", "method": "get", "url": text, "headers": {"absolute": {"Key": text}}},
        },
        "watchers": [{"user": text, "events": {"fail": flag, "runtimeExceeded": number}}],
    },
    artifact={"path": text},
    parameters={"run": [{"name": text, "type": "string", "required": flag, "defaultValue": text}]},
    featured=flag,
    tenants=[text, "plain"],
)
whole = press.BlockSpec("whole", kind="workflow", metadata=metadata, config=config, tenants=anything)

release = press.BlockSpecRelease(
    "release", spec_id=spec.id, release={"version": text}, config=config, parameters={"run": anything}
)

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": pulumi.Output.concat("orders-", pulumi.get_stack())},
    spec={"id": spec.id, "release": {"version": release.version}},
    parameters={"run": {"bucket": text, "nested": {"deep": [text]}}, "build": anything},
    revision={"notes": spec.release.apply(lambda given: str(given["notes"]))},
    triggers={"release": spec.release_version, "number": number},
    opts=pulumi.ResourceOptions(depends_on=[release]),
)

version: pulumi.Output[str] = spec.release_version
revision: pulumi.Output[int] = deployment.revision_number
status: pulumi.Output[str | None] = deployment.status

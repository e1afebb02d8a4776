"""Parts written as variables, whose types the room of shapes names."""

from __future__ import annotations

import pulumi_press as press
from pulumi_press import schema

names: list[str] = ["KEY"]
environment: dict[str, str] = {"A": "b"}
tags: list[schema.Tag] = [{"name": "orders"}]
metadata: schema.SpecMetadata = {"name": "orders", "summary": "Adds up orders.", "tags": tags}
image: schema.Image = {"dockerfile": "Dockerfile", "buildArguments": environment, "secrets": names}
images: dict[str, schema.Image] = {"base": image}
load: schema.StandardStep = {
    "command": "load",
    "imageRef": "base",
    "parameters": {"env": environment, "secrets": names},
}
tell: schema.HttpStep = {"type": "http", "method": "get", "url": "https://hooks.example", "parents": ["load"]}
query: schema.SqlStep = {"type": "sql", "sqlQueryPath": "query.sql", "parents": names}
export: schema.ExportStep = {"type": "export", "schema": "s", "table": "t", "sortBy": "day"}
steps: dict[str, schema.Step] = {"load": load, "tell": tell, "query": query, "export": export}
alike: dict[str, schema.StandardStep] = {"load": load}
trigger: schema.Trigger = {"cron": "0 0 * * *"}
watchers: list[schema.Watcher] = [{"user": "me@example.com", "events": {"fail": True}}]

config: schema.WorkflowConfig = {"images": images, "steps": steps, "triggers": [trigger], "watchers": watchers}
narrow: schema.WorkflowConfig = {"images": images, "steps": alike}
made: schema.WorkflowConfig = {
    "steps": {f"part-{number}": {"command": "run", "imageDetails": {"id": 1}} for number in range(3)}
}
service: schema.ServiceConfig = {"serviceType": "api", "image": image}
either: schema.Config = service

parameter: schema.Parameter = {"name": "size", "type": "number", "required": False}
parameters: schema.Parameters = {"run": [parameter]}
kind: schema.Kind = "workflow"
scope: schema.Scope = "private"

spec = press.BlockSpec(
    "spec", kind=kind, metadata=metadata, config=config, parameters=parameters, scope=scope, release={"notes": "first"}
)
other = press.BlockSpec("other", kind="service", metadata=metadata, config=either)

artifact: schema.Artifact = {"path": "orders", "ignore_files": names}
second: schema.Release = {"version": "2.0.0"}
release = press.BlockSpecRelease("release", spec_id=spec.id, release=second, config=narrow, artifact=artifact)

values: dict[str, int] = {"size": 10}
given: schema.ParameterValues = {"run": values}
timeouts: schema.Timeouts = {"create": "20m"}
runs: schema.DeploymentSpec = {"id": spec.id}
deployment = press.BlockDeployment(
    "deployment", metadata={"name": "orders", "tags": tags}, spec=runs, parameters=given, timeouts=timeouts
)

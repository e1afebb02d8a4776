"""A secret wherever one fits: in the configuration, the environment, the parameters; each is a canary."""

import pulumi

import pulumi_press as press

key = pulumi.Config().require_secret("warehouseKey")

load = press.BlockSpec(
    "load",
    kind="workflow",
    metadata={"name": "load", "summary": "Loads the orders of the day."},
    config={
        "steps": {
            "load": {
                "imageDetails": {"id": 7},
                "command": "python load.py",
                "parameters": {
                    "env": {"KEY": key, "REGION": "north", "TOKEN": pulumi.Output.secret("canary-secret-env-1")},
                },
            },
        },
    },
    parameters={
        "build": [{"name": "license", "type": "string", "required": True, "hideValue": True}],
        "run": [
            {"name": "password", "type": "string", "required": True, "hideValue": True},
            {"name": "rows", "type": "number", "required": True},
        ],
    },
)

press.BlockDeployment(
    "load",
    metadata={"name": "load-prod", "summary": pulumi.Output.secret("canary-secret-summary-1")},
    spec={"id": load.id, "release": {"version": load.release_version}},
    parameters={
        "build": {"license": "canary-secret-license-1"},
        "run": {"password": "canary-secret-password-1", "rows": 10},
    },
    triggers={"key": key},
)

pulumi.export("key", key)
pulumi.export("spec", load.id)

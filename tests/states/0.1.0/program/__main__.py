"""A stack with every kind of resource, and with everything that is hard to keep: files, hidden values and secrets.

With `CHANGED` in the environment it is the same stack after a change of everything that can change in place.
"""

import os

import pulumi

import pulumi_press as press

changed = bool(os.environ.get("CHANGED"))
word = "changed" if changed else "first"

PARAMETERS: press.schema.Parameters = {
    "build": [{"name": "mode", "type": "string", "required": True, "options": [{"value": "fast"}, {"value": "slow"}]}],
    "run": [
        {"name": "rows", "type": "number", "required": False, "defaultValue": 10},
        {"name": "key", "type": "string", "required": False, "hideValue": True, "defaultValue": "hidden-default"},
        {"name": "names", "type": "string_array", "required": False},
    ],
}

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={
        "name": "orders",
        "title": "Orders",
        "summary": f"The {word} orders",
        "description": "All of *them*.",
        "descriptionContentType": "text/markdown",
        "tags": [{"name": "sales"}, {"name": word}],
    },
    release={"version": "2.1.0" if changed else "1.0.0", "notes": f"The {word}."},
    config={
        "images": {"etl": {"dockerfile": "Dockerfile"}},
        "steps": {
            "load": {
                "imageRef": "etl",
                "command": f"python load.py {word}",
                "parameters": {"env": {"KEY": pulumi.Output.secret(f"secret-{word}")}},
            },
            "report": {"imageRef": "etl", "command": "python report.py", "parents": ["load"]},
        },
        "triggers": [{"cron": "0 0 * * *"}],
    },
    artifact={"path": "app"},
    parameters=PARAMETERS,
    auto_run_on_deploy=False,
)
second = press.BlockSpecRelease(
    "orders-2",
    spec_id=orders.id,
    release={"version": "2.0.0"},
    config={"steps": {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}},
    parameters=PARAMETERS,
    opts=pulumi.ResourceOptions(depends_on=[orders]),
)
press.BlockDeployment(
    "orders-live",
    metadata={"name": "orders-live", "summary": f"The {word} one"},
    spec={"id": orders.id, "release": {"version": second.version}},
    parameters={
        "build": {"mode": "fast"},
        "run": {
            "rows": 6 if changed else 5,
            "key": pulumi.Output.secret(f"hidden-{word}"),
            "names": ["a", pulumi.Output.secret("b")],
        },
    },
    revision={"notes": f"The {word}."},
    triggers={"day": word},
    timeouts={"create": "5m"},
)
press.BlockDeployment(
    "orders-follows",
    metadata={"name": "orders-follows"},
    spec={"id": orders.id},
    parameters={"build": {"mode": "slow"}},
    wait=False,
    opts=pulumi.ResourceOptions(depends_on=[second]),
)

press.Block(
    "api",
    spec={
        "kind": "service",
        "metadata": {"name": "api", "summary": f"The {word} API"},
        "config": {"serviceType": "api", "imageDetails": {"id": 1}},
    },
    releases={"next": {"release": {"version": "1.1.0"}, "config": {"serviceType": "api", "imageDetails": {"id": 2}}}},
    deployment={"metadata": {"name": "api", "title": word}},
    run="next",
)

north = press.Provider(
    "north", endpoint=os.environ["PRESS_ENDPOINT"], auth_token=os.environ["NORTH_TOKEN"], default_tags=["northern"]
)
press.BlockSpec(
    "north",
    kind="service",
    metadata={"name": "north", "summary": f"The {word} one of another tenant"},
    config={"serviceType": "web-app", "imageDetails": {"id": 3}, "scaleToZero": True},
    scope="shared",
    tenants=["acme"],
    featured=True,
    opts=pulumi.ResourceOptions(provider=north),
)

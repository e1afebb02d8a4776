"""A shop's stack: a workflow with an artifact, a service with a further release, and what runs of them."""

import pulumi

import pulumi_press as press

etl = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={
        "name": "etl",
        "title": "Nightly load",
        "summary": "Loads the orders of the day.",
        "tags": [{"name": "orders"}, {"name": "nightly"}],
    },
    release={"notes": "First release"},
    artifact={"path": "etl"},
    config={
        "images": {"python": {"dockerfile": "Dockerfile", "context": "."}},
        "steps": {
            "clean": {"imageRef": "python", "command": "python clean.py", "stepTimeout": 30},
            "load": {"imageRef": "python", "command": "python load.py", "parents": ["clean"]},
        },
        "triggers": [{"cron": "0 2 * * *"}],
    },
    parameters={
        "build": [{"name": "workers", "type": "number", "required": False, "defaultValue": 1}],
        "run": [
            {"name": "aggregation", "type": "string", "required": False, "defaultValue": "SUM"},
            {"name": "rows", "type": "number", "required": False, "defaultValue": 100},
        ],
    },
)

etl_prod = press.BlockDeployment(
    "etl-prod",
    metadata={"name": "etl-prod", "summary": "The load of the shop in the north."},
    spec={"id": etl.id, "release": {"version": etl.release_version}},
    parameters={"build": {"workers": 2}, "run": {"aggregation": "SUM", "rows": 500}},
    revision={"notes": "First revision"},
    triggers={"again": 1},
)

forecast = press.BlockSpec(
    "forecast",
    kind="service",
    metadata={"name": "forecast", "summary": "Answers what next week will sell."},
    release={"version": "1.0.0"},
    config={"serviceType": "api", "imageDetails": {"id": 12, "versionId": 1}},
)

forecast_2 = press.BlockSpecRelease(
    "forecast-2",
    spec_id=forecast.id,
    release={"version": "2.0.0"},
    config={"serviceType": "api", "imageDetails": {"id": 12, "versionId": 2}},
)

forecast_prod = press.BlockDeployment(
    "forecast-prod",
    metadata={"name": "forecast-prod"},
    spec={"id": forecast.id, "release": {"version": forecast_2.version}},
)

pulumi.export("etl", etl.id)
pulumi.export("forecast", forecast_prod.id)

"""Two services: a web app built from a folder, and an API that runs an image which exists already."""

import pulumi

import pulumi_press as press

settings = pulumi.Config()

dashboard = press.BlockSpec(
    "dashboard",
    kind="service",
    metadata={
        "name": "sales-dashboard",
        "title": "Sales dashboard",
        "summary": "Shows the sales of the week.",
        "tags": [{"name": "sales"}],
    },
    release={"version": "1.0.0", "notes": "First release"},
    artifact={"path": "dashboard"},
    config={
        "serviceType": "web-app",
        "image": {"version": "1.0.0", "dockerfile": "Dockerfile", "context": "."},
        "resources": {"instanceTypeId": "@param:instance_type"},
        "parameters": {"env": {"CURRENCY": "EUR"}, "secrets": ["WAREHOUSE_KEY"]},
        "sessionStickiness": True,
        "scaleToZero": True,
        "entrypoint": "python app.py",
        "healthCheckURL": "/health",
        "minInstances": 1,
    },
    parameters={
        "build": [{"name": "instance_type", "type": "number", "required": True, "defaultValue": 43}],
        "run": [
            {"name": "weeks", "type": "number", "required": False, "defaultValue": 4},
            {"name": "api_key", "type": "string", "required": True, "hideValue": True},
        ],
    },
    scope="shared",
    tenants=["sales-north", "sales-south"],
    featured=True,
)

forecast = press.BlockSpec(
    "forecast",
    kind="service",
    metadata={"name": "sales-forecast", "summary": "Answers what next week will sell."},
    release={"version": "1.0.0"},
    config={
        "serviceType": "api",
        "imageDetails": {"id": 12, "versionId": 2},
        "resources": {"instanceTypeId": 44},
        "entrypoint": "python serve.py",
        "healthCheckURL": "/ready",
    },
)

api = press.BlockDeployment(
    "forecast",
    metadata={"name": "sales-forecast", "summary": "The forecast that the dashboard asks."},
    spec={"id": forecast.id, "release": {"version": forecast.release_version}},
)

app = press.BlockDeployment(
    "dashboard",
    metadata={"name": "sales-dashboard", "summary": "The dashboard of the sales team."},
    spec={"id": dashboard.id, "release": {"version": dashboard.release_version}},
    parameters={
        "build": {"instance_type": 43},
        # A secret stays one: it is encrypted in the state and masked by the service.
        "run": {"weeks": 8, "api_key": settings.require_secret("dashboardKey")},
    },
    # The revision starts only once the forecast is live: `status` comes from its rollout.
    triggers={"forecast": api.status},
)

pulumi.export("dashboard", app.status)
pulumi.export("forecast", api.status)

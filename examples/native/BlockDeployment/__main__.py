"""A service, published and deployed."""

import pulumi

from pulumi_press import native as press

api = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "prices", "summary": "Tells the price of an article."},
    config={"serviceType": "api", "imageDetails": {"id": 12}},
    parameters={"run": [{"name": "currency", "type": "string", "required": True}]},
)
production = press.BlockDeployment(
    "production",
    metadata={"name": "prices-production"},
    spec={"id": api.id, "release": {"version": api.release_version}},
    parameters={"run": {"currency": "EUR"}},
)

pulumi.export("status", production.status)

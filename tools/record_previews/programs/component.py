"""A `Block`, one component for a spec, a further release and its deployment."""

import pulumi

import pulumi_press as press

forecast = press.Block(
    "forecast",
    spec={
        "kind": "service",
        "metadata": {"name": "sales-forecast", "summary": "Answers what next week will sell."},
        "config": {"serviceType": "api", "imageDetails": {"id": 12, "versionId": 1}},
    },
    releases={
        "faster": {
            "release": {"version": "2.0.0"},
            "config": {"serviceType": "api", "imageDetails": {"id": 12, "versionId": 2}},
        },
    },
    deployment={"metadata": {"name": "sales-forecast"}},
    run="faster",
)

pulumi.export("spec", forecast.spec.id)

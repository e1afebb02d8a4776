"""A deployment whose parameters come from another resource: unknown until that one is made."""

import pulumi

import pulumi_press as press

model = press.BlockSpec(
    "model",
    kind="service",
    metadata={"name": "model", "summary": "The model."},
    config={"serviceType": "api", "imageDetails": {"id": 3}},
)

model_prod = press.BlockDeployment("model-prod", metadata={"name": "model-prod"}, spec={"id": model.id})

report = press.BlockSpec(
    "report",
    kind="workflow",
    metadata={"name": "report", "summary": "Asks the model."},
    config={"steps": {"ask": {"imageDetails": {"id": 4}, "command": "python ask.py"}}},
    parameters={
        "build": [{"name": "image", "type": "string", "required": False}],
        "run": [
            {"name": "model", "type": "string", "required": True},
            {"name": "rows", "type": "number", "required": True},
        ],
    },
)

press.BlockDeployment(
    "report-prod",
    metadata={"name": "report-prod"},
    spec={"id": report.id},
    parameters={"build": {"image": "v1"}, "run": {"model": model_prod.id, "rows": 10}},
)

pulumi.export("model", model_prod.id)

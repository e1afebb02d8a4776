"""One hundred blocks, each a spec, a deployment and its rollout: three hundred resources."""

import pulumi_press as press

for number in range(100):
    name = f"block-{number:03}"
    spec = press.BlockSpec(
        name,
        kind="workflow",
        metadata={"name": name, "summary": "One of many."},
        config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "python old.py"}}},
    )
    press.BlockDeployment(
        name,
        metadata={"name": name},
        spec={"id": spec.id, "release": {"version": spec.release_version}},
    )

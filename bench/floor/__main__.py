"""The workload as resources that do nothing, as many as this package makes of it: a deployment has a rollout."""

from bench.floor.idle import Idle
from bench.workload import count_deployments, deployments, specs

declared = [Idle(props["metadata"]["name"], props) for props in specs()]
if count_deployments():
    for props in deployments(declared[0].id, "1.0.0"):
        name = props["metadata"]["name"]
        deployment = Idle(name, props)
        Idle(f"{name}-rollout", {"deployment_id": deployment.id, "revision": 1}, parent=deployment)

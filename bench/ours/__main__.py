"""The workload with this package."""

import pulumi_press as press
from bench.workload import count_deployments, deployments, specs

declared = [press.BlockSpec(arguments["metadata"]["name"], **arguments) for arguments in specs()]
if count_deployments():
    first = declared[0]
    for arguments in deployments(first.id, first.release_version):
        press.BlockDeployment(arguments["metadata"]["name"], **arguments)

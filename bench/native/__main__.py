"""The workload with this package, on its native plugin."""

from bench.workload import count_deployments, deployments, specs
from pulumi_press import native as press

declared = [press.BlockSpec(arguments["metadata"]["name"], **arguments) for arguments in specs()]
if count_deployments():
    first = declared[0]
    for arguments in deployments(first.id, first.release_version):
        press.BlockDeployment(arguments["metadata"]["name"], **arguments)

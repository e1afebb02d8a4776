"""A deployment without a spec.

Expected:
    spec.id: is required
"""

import pulumi_press as press

press.BlockDeployment("run", metadata={"name": "run"}, spec={})

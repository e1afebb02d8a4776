"""Arguments that the constructor does not have, or lacks, with the other mistakes.

Expected:
    autorun_on_deploy: is not a known argument; did you mean `auto_run_on_deploy`?
    kind: is required
    metadata.sumary: is not a known property; did you mean `summary`?
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    autorun_on_deploy=True,
    metadata={"name": "api", "sumary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)

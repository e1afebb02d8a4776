"""A deployment of a spec that the service does not have.

Expected:
    spec.id: there is no spec with the id '0bddb4c6'; was it deleted, or is it another tenant's?
"""

import pulumi_press as press

press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": "0bddb4c6"})

"""A flag of the program given as a text, and a word that does not exist.

Expected:
    wait: must be True or False, known in the program, not a str
    on_failure: must be 'keep' or 'rollback'; did you mean `rollback`?
"""

import pulumi_press as press

press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": "an-id"}, wait="no", on_failure="rolback")

"""Triggers that the engine would change, or keep and never read again.

Expected:
    triggers.model: is a FileAsset, which JSON does not have
    triggers.files: is a FileArchive, which JSON does not have
    triggers.rows: is a whole number beyond 2**53, which Pulumi would change; give it as a text
    triggers.share: must be a finite number
    triggers.shops.south: is null, which Pulumi removes from objects; leave the key out
    triggers.drive: has a key that is empty or ends in a backslash
    triggers.later: is a StringAsset, which JSON does not have
    triggers.hidden: is a whole number beyond 2**53, which Pulumi would change; give it as a text
"""

import pulumi

import pulumi_press as press

press.BlockDeployment(
    "run",
    metadata={"name": "run"},
    spec={"id": "spec"},
    triggers={
        "model": pulumi.FileAsset("model.bin"),
        "files": pulumi.FileArchive("."),
        "rows": 2**53 + 1,
        "share": float("nan"),
        "shops": {"north": 1, "south": None},
        "drive": {"C:\\": 1},
        "later": pulumi.Output.from_input(1).apply(lambda _: pulumi.StringAsset("model")),
        "hidden": pulumi.Output.secret(1).apply(lambda _: 2**60 + 1),
    },
)

"""A service with one more release."""

import pulumi

from pulumi_press import native as press

api = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "prices", "summary": "Tells the price of an article."},
    config={"serviceType": "api", "imageDetails": {"id": 12}},
)
later = press.BlockSpecRelease(
    "next",
    spec_id=api.id,
    release={"version": "1.1.0", "notes": "Runs on the new image"},
    config={"serviceType": "api", "imageDetails": {"id": 13}},
)

pulumi.export("version", later.version)

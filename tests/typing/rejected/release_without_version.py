"""A release of its own must have a version."""

import pulumi_press as press

release = press.BlockSpecRelease(
    "release",
    spec_id="spec",
    release={"notes": "second"},  # error
    config={"imageDetails": {"id": 1}},
)

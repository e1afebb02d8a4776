"""Many mistakes of one resource, all told at once.

Expected:
    metadata.name: must be a text, not a whole number
    metadata.summary: is required
    metadata.tags[0].name: is required
    metadata.tags[0].nam: is not a known property
    release.version: 'one' is not a semantic version
    config.image.version: '1' is not a semantic version
    config.imageDetails.id: is required
    config.minInstances: should be greater than or equal to 1
    config: has image and imageDetails
    scope: must be 'private'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": 7, "tags": [{"nam": "x"}]},
    config={"image": {"version": "1"}, "imageDetails": {}, "minInstances": 0},
    scope="all",
    release={"version": "one"},
)

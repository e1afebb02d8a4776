"""A further release without a version.

Expected:
    release.version: is required
"""

import pulumi_press as press

press.BlockSpecRelease("two", spec_id="some-id", release={"notes": "x"}, config={"imageDetails": {"id": 1}})

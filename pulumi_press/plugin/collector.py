"""The garbage collector of a process that declares or serves many resources: it looks less often.

What is declared or served lives about as long as the process, and the collector would visit all of it again and again:
a fifth of a program's time at 1,000 resources.
"""

from __future__ import annotations

import atexit
import gc

__all__ = ["collect_less"]

DEFAULTS = frozenset({(700, 10, 10), (2000, 10, 10), (2000, 10, 0)})
"""The thresholds that a Python starts with, by its version."""

THRESHOLD = 20_000
"""Objects that are made, and not freed, before the collector looks at them: some megabytes."""


def collect_less() -> None:
    """Keep what is loaded by now out of the collector's sight, and let it look less often at the rest.

    Thresholds that somebody set, and a collector that somebody turned off, stay as they are.
    """
    youngest, *others = gc.get_threshold()
    if gc.isenabled() and (youngest, *others) in DEFAULTS:
        gc.freeze()
        # Python takes modules apart in another order where the collector does not see them.
        atexit.register(gc.unfreeze)
        gc.set_threshold(THRESHOLD, *others)

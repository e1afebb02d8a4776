"""Record previews of the real engine for the tests of `pulumi-press report`: all, or the scenarios named."""

import sys

from tools.record_previews import drift, effects, native, troubles, values
from tools.record_previews.record import list_scenarios, record_stage

STAGES = (*effects.STAGES, *drift.STAGES, *troubles.STAGES, *values.STAGES, *native.STAGES)

wanted = frozenset(sys.argv[1:])
unknown = wanted - {scenario.name for stage in STAGES for scenario in stage.scenarios}
if unknown:
    sys.exit(f"no such scenario: {', '.join(sorted(unknown))}")
list_scenarios(STAGES)
for stage in STAGES:
    record_stage(stage, wanted)

"""`python -m pulumi_press`: the command `pulumi-press`."""

import sys

from pulumi_press.cli import main

sys.exit(main())

"""The files that the service's own `peak` command reads, as arguments of the resources. Knows no Pulumi and no API.

Files are rendered as Jinja templates in a sandbox, read as YAML, and flattened. What the command drops or changes
without a word is refused here.
"""

from pulumi_press.blockfiles.blockfile import Blockfile, read_blockfile
from pulumi_press.blockfiles.environment import Computed, FromEnvironment
from pulumi_press.blockfiles.errors import BlockfileError, Place
from pulumi_press.blockfiles.forms import BLOCK_KINDS, BlockKind

__all__ = [
    "BLOCK_KINDS",
    "BlockKind",
    "Blockfile",
    "BlockfileError",
    "Computed",
    "FromEnvironment",
    "Place",
    "read_blockfile",
]

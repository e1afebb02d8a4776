"""The shape of every input, once.

Editors, type checkers, the provider's checks, the docs and the local Press's OpenAPI all read these declarations.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pulumi_press.schema import versions as versions  # Else each import of it would load all shapes to look for it.

if TYPE_CHECKING:
    from pulumi_press.schema import inputs as inputs
    from pulumi_press.schema.arguments import *  # noqa: F403  # Each module lists its own public names.
    from pulumi_press.schema.bodies import *  # noqa: F403
    from pulumi_press.schema.images import *  # noqa: F403
    from pulumi_press.schema.parameters import *  # noqa: F403
    from pulumi_press.schema.plain import *  # noqa: F403
    from pulumi_press.schema.service import *  # noqa: F403
    from pulumi_press.schema.validation import *  # noqa: F403
    from pulumi_press.schema.workflow import *  # noqa: F403

_MODULES = ("plain", "validation", "images", "parameters", "workflow", "service", "bodies", "arguments")
"""The modules whose `__all__` is public here. Each is loaded on first use, because shapes take a while to load."""

if not TYPE_CHECKING:  # To a type checker no other name exists.

    def __getattr__(name: str) -> object:
        if name == "inputs":
            return import_module(f"{__name__}.inputs")
        for home in _MODULES:
            module = import_module(f"{__name__}.{home}")
            if name in module.__all__:
                return getattr(module, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({name for home in _MODULES for name in import_module(f"{__name__}.{home}").__all__})

"""The shapes as calls take them: to a type checker, an output may stand for any object in them, not only for values.

At run time they are the shapes themselves. `python -m tools.input_shapes` writes what a type checker reads.
"""

from importlib import import_module


def __getattr__(name: str) -> object:
    return getattr(import_module("pulumi_press.schema"), name)

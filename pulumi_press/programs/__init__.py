"""Text of Pulumi programs: from arguments of resources to Python as a person would have written it."""

from pulumi_press.programs.code import Code
from pulumi_press.programs.names import choose_names
from pulumi_press.programs.program import Declaration, write_program

__all__ = ["Code", "Declaration", "choose_names", "write_program"]

"""The one error of this tool."""

from collections.abc import Mapping


class EngineUnavailableError(Exception):
    """One way to an engine, or all of them, led nowhere. The text says why, in whole sentences for a person."""


def explain(what: str, reasons: Mapping[str, str], *advice: str) -> EngineUnavailableError:
    """Return the error that says what there is not, where it was looked for and why in vain, and what helps."""
    tried = [f"  {where}: {reason}" for where, reason in reasons.items()]
    helps = [f"  - {text}" for text in advice]
    return EngineUnavailableError("\n".join([f"There is no {what}.", *tried, "", "Any one of these helps:", *helps]))

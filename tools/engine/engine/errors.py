"""The one error of this tool."""


class EngineUnavailableError(Exception):
    """One way to an engine, or all of them, led nowhere. The text says why, in whole sentences for a person."""

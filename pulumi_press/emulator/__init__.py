"""A local Press: the HTTP API of Press Blocks on this machine, for trying things out and for tests.

    with start() as press:
        ...  # press.url, press.token, press.requests(), press.state(), press.outcomes(...), press.faults(...)

Needs the extra `emulator`.
"""

from pulumi_press.emulator.local_press import ControlError, LocalPress, start

__all__ = ["ControlError", "LocalPress", "start"]

"""What holds for all tests."""

from __future__ import annotations

import signal

# A shell that starts a run in the background lets it ignore interruptions, and every process that it starts, too: then
# tests that interrupt one wait in vain, and the engine waits five seconds at the end of each command.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

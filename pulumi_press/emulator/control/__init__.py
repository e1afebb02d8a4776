"""What people and tests do to the local Press itself: control plane, faults and the log of requests."""

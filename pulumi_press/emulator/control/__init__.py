"""What people and tests do to the local Press itself: control plane, page, faults and the log of requests."""

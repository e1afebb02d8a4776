"""What both the API and the control plane work on: storage, clock and simulated rollouts."""

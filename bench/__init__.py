"""What this package costs, beside providers written by hand and beside the engine alone: `python -m bench --help`."""

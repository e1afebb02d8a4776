"""Adds up a shop's orders. The platform runs it inside the image that the Dockerfile beside it describes."""

import csv
import sys
from collections import defaultdict
from pathlib import Path

ROWS = Path("rows.txt")
ORDERS = Path(__file__).with_name("orders.csv")


def load() -> None:
    """Count the day's orders."""
    with ORDERS.open(newline="") as file:
        count = sum(1 for _ in csv.DictReader(file))
    ROWS.write_text(str(count))
    print(f"{count} orders")


def add_up() -> None:
    """Add up the orders by shop."""
    totals: dict[str, float] = defaultdict(float)
    with ORDERS.open(newline="") as file:
        for order in csv.DictReader(file):
            totals[order["shop"]] += float(order["amount"])
    for shop, total in sorted(totals.items()):
        print(f"{shop}: {total:.2f}")


if __name__ == "__main__":
    {"load": load, "sum": add_up}[sys.argv[1]]()

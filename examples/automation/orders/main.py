"""Adds up the orders of the day by shop."""

import csv
from collections import Counter
from pathlib import Path


def main() -> None:
    """Print one line for each shop."""
    totals: Counter[str] = Counter()
    with Path("orders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            totals[row["shop"]] += int(row["amount"])
    for shop, total in sorted(totals.items()):
        print(f"{shop}: {total}")


if __name__ == "__main__":
    main()
